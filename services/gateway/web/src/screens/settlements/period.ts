// The days a report is of: whole ones, in the account's time zone.
import { dayOf, dayStart } from '@/format/time';

export const USUAL_DAYS = 30;

export interface Days {
  first: string;
  last: string;
}

export function usualDays(now: number, timeZone: string): Days {
  return { first: dayOf(now, timeZone, -USUAL_DAYS), last: dayOf(now, timeZone) };
}

/** The moment of the first day and the one behind the last day; null when the two are none. */
export function periodOf(days: Days, timeZone: string): { from: string; until: string } | null {
  const from = dayStart(days.first, timeZone);
  const until = dayStart(dayOf(Date.parse(`${days.last}T12:00:00Z`), 'UTC', 1), timeZone);
  return from !== null && until !== null && from < until ? { from, until } : null;
}
