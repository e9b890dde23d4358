// When a waiting fact is late.
import type { Tone } from '@/status/tones';

const WARN_S = 30;
const BAD_S = 120; // as the alert of the operators

export function outboxTone({ depth, oldest_s }: { depth: number; oldest_s: number }): Tone {
  if (depth === 0 || oldest_s < WARN_S) return 'good';
  return oldest_s < BAD_S ? 'warn' : 'bad';
}
