// What the order list may be asked: as the address says, and as the service takes it.
import { expect, test } from 'vitest';
import { askedOf, isFiltered, readFilter } from '@/screens/orders/filter';

test('an address with words that mean nothing is read without them', () => {
  const filter = readFilter({ group: 'nowhere', sort: 'price', flag: 'COD', stage: '', q: '5 6' });
  expect(filter.group).toBeUndefined();
  expect(filter.sort).toBeUndefined();
  expect(filter.stage).toBeUndefined();
  expect(filter).toMatchObject({ flag: 'COD', q: '5 6' });
});

test('a stage says more than its group', () => {
  expect(askedOf({ group: 'drafts', stage: 'UNSYNC' })).toMatchObject({
    stage: 'UNSYNC',
    group: undefined,
  });
});

test('the list is not asked for an order that it cannot have', () => {
  expect(askedOf({ sort: 'since' }).sort).toBeUndefined();
  expect(askedOf({ sort: 'since', flag: 'CONFLICT' }).sort).toBe('since');
  expect(askedOf({ sort: 'since', group: 'drafts' }).sort).toBe('since');
  expect(askedOf({ sort: 'ship_by', q: '5764' }).sort).toBeUndefined();
  expect(askedOf({ sort: 'ship_by' }).sort).toBe('ship_by');
});

test('an order of the list is no filter', () => {
  expect(isFiltered({ sort: 'created' })).toBe(false);
  expect(isFiltered({ tab: 'UNPAID' })).toBe(true);
});
