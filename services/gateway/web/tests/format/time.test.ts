// Times in the account's zone and the reader's language.
import { expect, test } from 'vitest';
import { LOCALES } from '@/format/locale';
import { dayOf, dayStart, formatDistance, formatSpan, formatTime } from '@/format/time';

const AT = '2026-11-21T22:30:05Z';

test('a moment is shown in the time zone of the account', () => {
  expect(formatTime(AT, 'moment', LOCALES.en, 'Asia/Ho_Chi_Minh')).toBe('22/11/2026, 05:30');
  expect(formatTime(AT, 'moment', LOCALES.en, 'UTC')).toBe('21/11/2026, 22:30');
});

test('Thai dates are Gregorian', () => {
  expect(formatTime(AT, 'date', LOCALES.th, 'Asia/Bangkok')).toContain('2026');
});

test('an unknown zone and a broken time do not break the screen', () => {
  expect(formatTime(AT, 'clock', LOCALES.en, 'Nowhere/Atall')).toBe('22:30:05');
  expect(formatTime('soon', 'moment', LOCALES.en, 'UTC')).toBe('');
});

test('distances use the largest unit that says enough', () => {
  expect(formatDistance(-5, 'en')).toBe('5 seconds ago');
  expect(formatDistance(-3 * 3600, 'en')).toBe('3 hours ago');
  expect(formatDistance(12 * 86400, 'en')).toBe('in 12 days');
});

test('spans are short', () => {
  expect(formatSpan(59, 'en')).toBe('59s');
  expect(formatSpan(3 * 3600 + 20 * 60, 'en')).toBe('3h 20m');
  expect(formatSpan(90000, 'en')).toBe('1d 1h');
  expect(formatSpan(-4, 'en')).toBe('0s');
});

test('a day begins at midnight of its zone', () => {
  expect(dayStart('2026-11-21', 'Asia/Ho_Chi_Minh')).toBe('2026-11-20T17:00:00Z');
  expect(dayStart('2026-11-21', 'UTC')).toBe('2026-11-21T00:00:00Z');
  expect(dayStart('', 'UTC')).toBeNull();
});

test('a day on which the clocks change begins once', () => {
  expect(dayStart('2026-03-29', 'Europe/London')).toBe('2026-03-29T00:00:00Z');
  expect(dayStart('2026-03-30', 'Europe/London')).toBe('2026-03-29T23:00:00Z');
  expect(dayStart('2026-10-25', 'Europe/London')).toBe('2026-10-24T23:00:00Z');
});

test('today is the day of the zone', () => {
  const time = Date.parse(AT);
  expect(dayOf(time, 'Asia/Ho_Chi_Minh')).toBe('2026-11-22');
  expect(dayOf(time, 'America/New_York')).toBe('2026-11-21');
  expect(dayOf(time, 'UTC', -7)).toBe('2026-11-14');
});
