// What a first visit loads, gzipped, and what each further screen adds; fails the build beyond the limits.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMITS_KB = { js: 270, css: 25, route: 60, language: 25 };
const dist = new URL('../dist/', import.meta.url).pathname;
const assets = readdirSync(join(dist, 'assets')).filter((name) => /\.(js|css)$/.test(name));
const texts = new Map(
  assets.map((name) => [name, readFileSync(join(dist, 'assets', name), 'utf8')]),
);
const sizes = new Map(
  [...texts].map(([name, text]) => [name, gzipSync(text, { level: 9 }).length / 1024]),
);

/** A file with everything that it imports at once. */
function closure(names, found = new Set()) {
  for (const name of names) {
    if (!texts.has(name) || found.has(name)) continue;
    found.add(name);
    const imports = texts.get(name).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g);
    closure(
      [...imports].map((match) => match[1]),
      found,
    );
  }
  return found;
}

/** The styles that a screen brings are named in the entry's list of what to load before it. */
const starting = (word) => assets.filter((name) => name.startsWith(`${word}-`));
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const entry = [...html.matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map((match) => match[1]);
const first = closure([...entry, ...starting('HomeScreen'), ...starting('en')]);
const kinds = (names, ending) => [...names].filter((name) => name.endsWith(ending));

const faults = [];
function row(what, names, limit) {
  const total = names.reduce((sum, name) => sum + sizes.get(name), 0);
  if (total > limit) faults.push(what);
  console.log(`${what.padEnd(24)} ${total.toFixed(1).padStart(6)} KB gzipped, of ${limit} KB`);
}

row('first load, JavaScript', kinds(first, '.js'), LIMITS_KB.js);
row('first load, CSS', kinds(first, '.css'), LIMITS_KB.css);
for (const screen of assets.filter((name) => /^[A-Z]\w+Screen-.*\.js$/.test(name))) {
  const more = [...closure([screen])].filter((name) => !first.has(name));
  row(`  ${screen.split('-')[0]}`, more, LIMITS_KB.route);
}
for (const language of ['en', 'vi', 'th', 'zh'])
  row(`  ${language}.json`, kinds(starting(language), '.js'), LIMITS_KB.language);
if (faults.length > 0) {
  console.error(`over the budget: ${faults.join(', ')}`);
  process.exit(1);
}
