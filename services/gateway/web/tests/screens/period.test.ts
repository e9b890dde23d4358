// The days of a report.
import { expect, test } from 'vitest';
import { periodOf, usualDays } from '@/screens/settlements/period';
import { wordsOf } from '@/screens/settlements/Report';

test('a period is of whole days in the time zone of the account', () => {
  expect(periodOf({ first: '2026-11-01', last: '2026-11-01' }, 'Asia/Ho_Chi_Minh')).toEqual({
    from: '2026-10-31T17:00:00Z',
    until: '2026-11-01T17:00:00Z',
  });
});

test('a period that is none is none', () => {
  expect(periodOf({ first: '2026-11-02', last: '2026-11-01' }, 'UTC')).toBeNull();
  expect(periodOf({ first: '', last: '2026-11-01' }, 'UTC')).toBeNull();
});

test('usually the last month is looked at', () => {
  expect(usualDays(Date.parse('2026-11-21T23:30:00Z'), 'Asia/Ho_Chi_Minh')).toEqual({
    first: '2026-10-23',
    last: '2026-11-22',
  });
});

test('names of fees are made readable', () => {
  expect(wordsOf('platform_commission_amount')).toBe('platform commission');
  expect(wordsOf('PLATFORM_PENALTY')).toBe('platform penalty');
});
