// Times: UTC in, the account's time zone and the reader's language out.
const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

const STYLES = {
  date: { day: '2-digit', month: '2-digit', year: 'numeric' },
  moment: {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  },
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

export type TimeStyle = keyof typeof STYLES;

export function formatTime(
  at: string | number | Date,
  style: TimeStyle,
  locale: string,
  timeZone: string,
): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return '';
  const options = STYLES[style];
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(time);
  } catch {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(time);
  }
}

/** The largest unit that says enough: "3 hours ago", "in 12 days". */
export function formatDistance(seconds: number, locale: string): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const size = Math.abs(seconds);
  if (size < MINUTE_S) return words.format(Math.trunc(seconds), 'second');
  if (size < HOUR_S) return words.format(Math.trunc(seconds / MINUTE_S), 'minute');
  if (size < 2 * DAY_S) return words.format(Math.trunc(seconds / HOUR_S), 'hour');
  return words.format(Math.trunc(seconds / DAY_S), 'day');
}

/** "3 h 20 min", "4 d 2 h": how long something runs, or what is left. */
export function formatSpan(seconds: number, locale: string): string {
  const size = Math.max(0, Math.floor(seconds));
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'narrow' }).format(
      value,
    );
  if (size < MINUTE_S) return unit(size, 'second');
  if (size < HOUR_S) return unit(Math.floor(size / MINUTE_S), 'minute');
  if (size < DAY_S)
    return `${unit(Math.floor(size / HOUR_S), 'hour')} ${unit(Math.floor((size % HOUR_S) / MINUTE_S), 'minute')}`;
  return `${unit(Math.floor(size / DAY_S), 'day')} ${unit(Math.floor((size % DAY_S) / HOUR_S), 'hour')}`;
}

export function secondsUntil(at: string, now: number): number {
  return (new Date(at).getTime() - now) / 1000;
}

/** How far a time zone's clock is before UTC at a moment, in ms. */
function offsetAt(time: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(time);
  const part = (type: string) => Number(parts.find((found) => found.type === type)?.value);
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wall - Math.floor(time / 1000) * 1000;
}

/** The moment a day ("2026-11-21") begins in a time zone, as RFC 3339 in UTC; null when it is no day. */
export function dayStart(day: string, timeZone: string): string | null {
  const wall = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(wall)) return null;
  // Twice: the first guess may lie on the other side of a change of the clocks.
  let time = wall - offsetAt(wall, timeZone);
  time = wall - offsetAt(time, timeZone);
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** Today's day in a time zone, moved by some days. */
export function dayOf(time: number, timeZone: string, plusDays = 0): string {
  const shifted = new Date(time + offsetAt(time, timeZone) + plusDays * DAY_S * 1000);
  return shifted.toISOString().slice(0, 10);
}
