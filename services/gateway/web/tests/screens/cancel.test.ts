// Choosing single units to cancel.
import { expect, test } from 'vitest';
import { cancelReasonText, chosenUnits, mayChooseUnits } from '@/screens/orders/cancel';
import { translator } from '../words';

const OPEN = [
  { line: 1, units: 2 },
  { line: 5, units: 1 },
];

test('lines of which nothing was typed stay', () => {
  expect(chosenUnits(OPEN, { 1: '2' })).toEqual([{ line: 1, units: 2 }]);
  expect(chosenUnits(OPEN, { 1: '1', 5: '1' })).toEqual([
    { line: 1, units: 1 },
    { line: 5, units: 1 },
  ]);
  expect(chosenUnits(OPEN, { 1: '0', 5: '' })).toEqual([]);
});

test('a number that cannot be chooses nothing at all', () => {
  for (const bad of ['3', '-1', '1.5', 'x'])
    expect(chosenUnits(OPEN, { 1: bad, 5: '1' })).toEqual([]);
});

test('there is a choice where units may be cancelled and there are several', () => {
  const unit_reasons = [
    { name: 'seller_cancel_reason_out_of_stock', meaning: 'OUT_OF_STOCK' as const },
  ];
  const offer = { reasons: unit_reasons, unit_reasons, lines: OPEN, actions: [] };
  expect(mayChooseUnits(offer)).toBe(true);
  expect(mayChooseUnits({ ...offer, unit_reasons: [] })).toBe(false);
  expect(mayChooseUnits({ ...offer, lines: [{ line: 1, units: 1 }] })).toBe(false);
});

test('a reason is read in the language of whoever reads it', async () => {
  const t = await translator('vi');
  expect(cancelReasonText('seller_cancel_reason_out_of_stock_uk', t)).toBe('Hết hàng');
  expect(cancelReasonText('seller_cancel_unpaid_reason_wrong_price', t)).toBe('Sai giá');
  expect(cancelReasonText('because', t)).toBe('because');
  expect(cancelReasonText('', t)).toBe('');
});
