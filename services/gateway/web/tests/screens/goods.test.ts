// The rules of our goods' screens.
import { expect, test } from 'vitest';
import { combinations, differences, skuOf, skuPart } from '@/screens/goods/choices';

const value = (id: string, name: string) => ({ id, name });

test('every choice of values is one variant', () => {
  const red = value('1', 'Đỏ');
  const blue = value('2', 'Xanh lá');
  const m = value('3', 'M');
  expect(combinations([[red, blue], [m]])).toEqual([
    [red, m],
    [blue, m],
  ]);
  expect(combinations([[red], []])).toEqual([[red]]);
  expect(combinations([[], []])).toEqual([]);
  expect(combinations([])).toEqual([]);
});

test('SKUs are made of letters that can be typed anywhere, where the names have such', () => {
  expect(skuPart('Xanh lá / đậm')).toBe('XANH-LA-DAM');
  expect(skuOf(' TEE ', [value('1', 'Đỏ'), value('2', '红色')])).toBe('TEE-DO-红色');
  expect(skuOf('', [value('1', 'M')])).toBe('M');
});

test('what changed is told field by field', () => {
  expect(
    differences(
      { sku: 'A', name: 'Cup', parts: [] },
      { sku: 'A', name: 'Mug', parts: [], unit: 'cái' },
    ),
  ).toEqual([
    { field: 'name', before: 'Cup', after: 'Mug' },
    { field: 'unit', before: '–', after: 'cái' },
  ]);
  const say = (field: string, state: object) => (field in state ? 'yes' : 'no');
  expect(differences({ archived: false }, { archived: true }, say)).toEqual([]);
  expect(differences({}, { archived: true }, say)).toEqual([
    { field: 'archived', before: 'no', after: 'yes' },
  ]);
});
