// How the units of a line stand.
import { expect, test } from 'vitest';
import { standings } from '@/screens/orders/standings';

const line = { line: 1, sku_id: 's', units: 4, status: 'AWAITING_SHIPMENT' };

test('a line whose units stand alike has one standing', () => {
  expect(standings(line)).toEqual([{ units: 4, status: 'AWAITING_SHIPMENT' }]);
});

test('units apart are counted by status, those in another package with the rest', () => {
  const apart = [
    { units: 1, status: 'CANCELLED' },
    { units: 1, status: 'AWAITING_SHIPMENT', package_id: 'k2' },
  ];
  expect(standings({ ...line, apart })).toEqual([
    { units: 3, status: 'AWAITING_SHIPMENT' },
    { units: 1, status: 'CANCELLED' },
  ]);
});
