// Runs the units.  Vitest writes TAP to the screen alone; with --outputFile it comes into that file as well.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

const FILE = '--outputFile=';
const given = process.argv.slice(2);
const file = given.find((word) => word.startsWith(FILE))?.slice(FILE.length);
const words = given.filter((word) => word !== '--run' && !word.startsWith(FILE));

const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url).pathname;
const child = spawn(process.execPath, [vitest, 'run', ...words], {
  stdio: ['inherit', file ? 'pipe' : 'inherit', 'inherit'],
  env: file ? { ...process.env, NO_COLOR: '1' } : process.env,
});
if (file) {
  child.stdout.pipe(process.stdout);
  child.stdout.pipe(createWriteStream(file));
}
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
