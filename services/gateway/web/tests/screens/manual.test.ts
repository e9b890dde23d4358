// An order made by hand, as it stands in the form.
import { expect, test } from 'vitest';
import type { OrderDetail } from '@/api/types';
import {
  bodyOf,
  emptyForm,
  formOf,
  isComplete,
  isUnits,
  newReference,
} from '@/screens/orders/manual';

const line = { sku: ' MUG-1 ', name: ' Mug ', units: '2', price: '1290' };
const form = { ...emptyForm('USD'), reference: 'M-1', lines: [line] };

test('a reference is made of the day and four letters', () => {
  expect(newReference(new Date('2026-11-26T20:00:00Z'), () => 0.999)).toBe('M261126-ZZZZ');
  expect(newReference(new Date(), () => 0)).toMatch(/^M\d{6}-AAAA$/);
});

test('what is missing is seen', () => {
  expect(isComplete(emptyForm('USD'))).toBe(false);
  expect(isComplete(form)).toBe(true);
  expect(isComplete({ ...form, reference: 'a/b' })).toBe(false);
  expect(isComplete({ ...form, currency: 'US' })).toBe(false);
  expect(isComplete({ ...form, shipping: null })).toBe(false);
  expect(isComplete({ ...form, lines: [] })).toBe(false);
  expect(isComplete({ ...form, lines: [{ ...line, price: null }] })).toBe(false);
  expect(isComplete({ ...form, lines: [line, { ...line, sku: ' ' }] })).toBe(false);
  expect(['0', '', '1.5', '10001', '-1'].filter(isUnits)).toEqual([]);
  expect(['1', '10000'].filter(isUnits)).toEqual(['1', '10000']);
});

test('amounts go out in minor units, and what is read can be written again', () => {
  const body = bodyOf({ ...form, shipping: '300', name: ' Ana ', isCod: true });
  expect(body).toMatchObject({ shipping_minor: '300', is_cod: true, customer: { name: 'Ana' } });
  expect(body.lines).toEqual([{ sku: 'MUG-1', name: 'Mug', units: 2, price_minor: '1290' }]);
  const order = {
    channel_order_id: 'M-1',
    is_cod: true,
    total: { amount: '2880', currency: 'USD' },
    shipping: { amount: '300', currency: 'USD' },
    lines: [
      {
        line: 1,
        sku_id: 'x',
        seller_sku: 'MUG-1',
        product_name: 'Mug',
        units: 2,
        price: { amount: '1290', currency: 'USD' },
      },
    ],
  } as OrderDetail;
  expect(bodyOf(formOf(order, { name: 'Ana' }))).toEqual(body);
});
