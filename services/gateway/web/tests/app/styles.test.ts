// Every part of Mantine that is used has its styles loaded: a missing one would only be seen by eye.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const WEB = join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(WEB, name), 'utf8');

test('styles of all used parts are loaded', () => {
  const files = readdirSync(join(WEB, 'src'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.tsx'));
  const used = new Set(
    files.flatMap((name) => {
      const found =
        read(`src/${name}`).match(/import \{([^}]*)\} from '@mantine\/core'/)?.[1] ?? '';
      return found
        .split(',')
        .map((word) => word.trim())
        .filter((word) => /^[A-Z]\w+$/.test(word));
    }),
  );
  const loaded = read('src/app/styles.ts');
  for (const part of used)
    if (existsSync(join(WEB, `node_modules/@mantine/core/styles/${part}.css`)))
      expect(loaded.includes(`styles/${part}.css`), part).toBe(true);
});
