// Whether what happened went well.
import type { Tone } from '@/status/tones';

const BAD = [
  'pull-failed',
  'import-failed',
  'token-refused',
  'grant-trouble',
  'taken-back',
  'stock-failed',
  'task-refused',
  'webhooks-failed',
];
const LOOK = ['token-late', 'task-unknown', 'webhook-unknown'];

export function activityTone(event: string): Tone {
  if (BAD.includes(event)) return 'bad';
  return LOOK.includes(event) ? 'warn' : 'good';
}
