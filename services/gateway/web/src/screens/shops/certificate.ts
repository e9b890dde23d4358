// What a day's certificate says, in one word, and several days together.
import type { Certificate } from '@/api/types';

export type CertificateState = 'DIFFERS' | 'BEHIND' | 'SO_FAR' | 'MENDED' | 'COMPLETE';

export function certificateState(day: Certificate): CertificateState {
  if (day.difference !== 0) return 'DIFFERS';
  if ((day.stale?.length ?? 0) > 0) return 'BEHIND';
  if (day.over === false) return 'SO_FAR';
  return (day.found ?? 0) > 0 ? 'MENDED' : 'COMPLETE';
}

/** Newest day first, as they are listed. */
export function sumOf(days: Certificate[]) {
  const sum = (name: 'listed' | 'held' | 'difference') =>
    days.reduce((total, day) => total + (day[name] ?? 0), 0);
  return {
    listed: sum('listed'),
    held: sum('held'),
    difference: sum('difference'),
    first: days.at(-1)?.day ?? '',
    last: days[0]?.day ?? '',
  };
}
