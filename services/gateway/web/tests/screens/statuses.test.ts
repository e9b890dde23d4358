// Rules of the status table as they are edited.
import { expect, test } from 'vitest';
import { keyOf, rulesOf } from '@/screens/settings/statuses';

const rule = {
  channel_status: 'CANCELLED',
  cause: 'BUYER',
  hub_status: 'CUSTOMER_CANCELLED',
  status_group: 'CANCELLED',
  own: true,
  orders: 3,
};

test('a rule that takes the default back is sent without words', () => {
  const key = keyOf(rule);
  expect(rulesOf({ [key]: { rule, hub_status: 'CANCELLED', status_group: 'CANCELLED' } })).toEqual([
    {
      channel_status: 'CANCELLED',
      cause: 'BUYER',
      hub_status: 'CANCELLED',
      status_group: 'CANCELLED',
    },
  ]);
  expect(rulesOf({ [key]: { rule, back: true, hub_status: 'NEW', status_group: 'NEW' } })).toEqual([
    { channel_status: 'CANCELLED', cause: 'BUYER' },
  ]);
});

test('rules that differ in their cause alone are two', () => {
  expect(keyOf(rule)).not.toBe(keyOf({ ...rule, cause: 'SELLER' }));
});
