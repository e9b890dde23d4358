// Conditions in plain words, in every language.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CONDITIONS, WHO } from '@/conditions/codes';
import { describeCondition } from '@/conditions/describe';
import { makeFormat } from '@/format/useFormat';
import { CATALOGUES, LANGUAGES, textAt, translator } from '../words';

const format = makeFormat('en', 'UTC');
const SOURCE = join(import.meta.dirname, '../../../../placement/condition.c');

test.skipIf(!existsSync(SOURCE))('the dashboard knows exactly the conditions of placement', () => {
  const table = /remedies\[\] = \{([\s\S]*?)\n\};/.exec(readFileSync(SOURCE, 'utf8'))?.[1] ?? '';
  const codes = [...table.matchAll(/\{"([A-Z_]+)", "([A-Z]+)"/g)];
  expect(codes.length).toBeGreaterThan(10);
  expect(Object.keys(CONDITIONS).sort()).toEqual(codes.map((found) => found[1]).sort());
  for (const found of codes) expect(WHO).toContain(found[2]);
});

test('every condition has its words in every language', () => {
  for (const language of LANGUAGES)
    for (const code of Object.keys(CONDITIONS))
      for (const form of ['open', 'met', 'fix'])
        expect(
          textAt(CATALOGUES[language], `condition.${code}.${form}`),
          `${language} ${code} ${form}`,
        ).toBeTruthy();
});

test('a sentence that names what was found has a form without it', () => {
  for (const code of Object.keys(CONDITIONS)) {
    const open = textAt(CATALOGUES.en, `condition.${code}.open`) ?? '';
    if (open.includes('{{value}}') && code !== 'NOT_TO_SHIP')
      expect(textAt(CATALOGUES.en, `condition.${code}.bare`), code).toBeTruthy();
  }
});

test('no description leaves a hole, in any language, with and without values', async () => {
  for (const language of LANGUAGES) {
    const t = await translator(language);
    for (const code of Object.keys(CONDITIONS))
      for (const given of [{ value: '', wanted: '' }, { value: '5', wanted: '7', line: 2 }, {}])
        for (const ok of [false, true]) {
          const { text, fix } = describeCondition({ code, ok, ...given }, t, format);
          expect(text, `${language} ${code}`).not.toMatch(/\{\{|undefined|condition\./);
          if (!ok) expect(fix).not.toBe('');
        }
  }
});

test('money in a condition is shown as money', async () => {
  const t = await translator('en');
  const condition = { code: 'BALANCE_LOW', value: '1290 GBP', wanted: '4210 GBP', line: 0 };
  const { text, place, line } = describeCondition(condition, t, format);
  expect(text).toBe('The balance is £12.90, the order costs £42.10');
  expect(place).toBe('wallet');
  expect(line).toBe('');
});

test('statuses in a condition are translated', async () => {
  const t = await translator('en');
  const condition = {
    code: 'NOT_TO_SHIP',
    value: 'ON_HOLD',
    wanted: 'AWAITING_SHIPMENT, PARTIALLY_SHIPPING',
  };
  expect(describeCondition(condition, t, format).text).toBe(
    'TikTok says “On hold”, wanted is “Awaiting shipment, Partially shipping”',
  );
});

test('who mends it and which line are said', async () => {
  const t = await translator('en');
  const condition = {
    code: 'STOCK_SHORT',
    value: '1000',
    wanted: '3000',
    line: 2,
    who: 'WAREHOUSE',
    fix: 'x',
  };
  const described = describeCondition(condition, t, format);
  expect(described).toMatchObject({ who: 'The warehouse', line: 'Line 2', place: 'stock' });
  expect(described.text).toContain('1,000 of 3,000');
});

test('a condition that is not known yet is shown with its code and what the service says', async () => {
  const t = await translator('vi');
  const described = describeCondition(
    { code: 'NEW_RULE', value: '3', wanted: '4', fix: 'do this' },
    t,
    format,
  );
  expect(described.text).toBe('NEW_RULE 3 4');
  expect(described.fix).toBe('do this');
});
