// The catalogues: the same keys in all languages, the same places to fill in, nothing missing, nothing too much.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TONES } from '@/status/tones';
import { CATALOGUES, keysOf, LANGUAGES, textAt } from '../words';

const WEB = join(import.meta.dirname, '../..');
const REPOSITORY = join(WEB, '../../..');
const SOURCES = readdirSync(join(WEB, 'src'), { recursive: true })
  .map(String)
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('schema.d.ts'))
  .map((name) => readFileSync(join(WEB, 'src', name), 'utf8'));

const RIGHT = /^[a-z]+\.(read|write|place)$/;

/** "one" is a form that only English has. */
const withoutOne = (tree: object) => keysOf(tree).filter((key) => !key.endsWith('_one'));
const holes = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort();

test('every language has the same keys', () => {
  const keys = withoutOne(CATALOGUES.en).sort();
  for (const language of LANGUAGES)
    expect(
      keysOf(CATALOGUES[language])
        .filter((key) => !key.endsWith('_one'))
        .sort(),
      language,
    ).toEqual(keys);
});

test('every text has the same places to fill in', () => {
  for (const key of withoutOne(CATALOGUES.en))
    for (const language of LANGUAGES)
      expect(holes(textAt(CATALOGUES[language], key) ?? ''), `${language} ${key}`).toEqual(
        holes(textAt(CATALOGUES.en, key) ?? ''),
      );
});

test('no text is empty, but where nothing is to be said', () => {
  for (const language of LANGUAGES)
    for (const key of keysOf(CATALOGUES[language]))
      if (key !== 'condition.UNKNOWN.fix')
        expect(textAt(CATALOGUES[language], key)?.trim(), `${language} ${key}`).toBeTruthy();
});

test('every key that the code names is there', () => {
  const known = new Set(keysOf(CATALOGUES.en).map((key) => key.replace(/_(one|other)$/, '')));
  const named = SOURCES.flatMap((text) =>
    [...text.matchAll(/'([a-zA-Z]+(?:\.[A-Za-z0-9_-]+)+)'/g)].map((found) => found[1] ?? ''),
  ).filter((key) => (key.split('.')[0] as string) in CATALOGUES.en && !RIGHT.test(key));
  expect(named.length).toBeGreaterThan(200);
  for (const key of named) expect(known.has(key), key).toBe(true);
});

test('every key is named by the code, or belongs to a family that is', () => {
  const text = SOURCES.join('\n');
  const families = [...text.matchAll(/`((?:[a-zA-Z]+\.)+)[^`]*\$\{/g)].map(
    (found) => found[1] ?? '',
  );
  expect(families).toContain('problem.');
  for (const key of keysOf(CATALOGUES.en)) {
    const base = key.replace(/_(one|other)$/, '');
    const used = text.includes(`'${base}'`) || families.some((family) => base.startsWith(family));
    expect(used, key).toBe(true);
  }
});

test('every state has a word', () => {
  for (const [kind, states] of Object.entries(TONES))
    for (const state of Object.keys(states))
      expect(textAt(CATALOGUES.en, `status.${kind}.${state}`), `${kind} ${state}`).toBeTruthy();
});

/** Codes that the services answer with, as they stand in their sources. */
function problemCodes(): string[] {
  const folders = [
    'gateway',
    'connector',
    'order-ingest',
    'product-mapper',
    'inventory',
    'placement',
  ]
    .map((name) => join(REPOSITORY, 'services', name))
    .concat(join(REPOSITORY, 'common'));
  const files = folders.flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith('.c'))
          .map((name) => join(folder, name))
      : [],
  );
  const codes = files.flatMap((file) => {
    const found = readFileSync(file, 'utf8').matchAll(/[45]\d\d,\s*"([A-Z][A-Z0-9_]+)"/g);
    return [...found].map((match) => match[1] ?? '');
  });
  return [...new Set(codes)];
}

test.skipIf(!existsSync(join(REPOSITORY, 'common')))(
  'every problem of the services has a text',
  () => {
    const codes = problemCodes();
    expect(codes.length).toBeGreaterThan(30);
    const missing = codes.filter((code) => !textAt(CATALOGUES.en, `problem.${code}`));
    expect(missing).toEqual([]);
  },
);
