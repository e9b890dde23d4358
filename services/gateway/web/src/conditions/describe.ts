// A condition in plain words: what is open, what was found, what is wanted, who mends it and how.
import type { TFunction } from 'i18next';
import type { Condition, OpenCondition } from '@/api/types';
import type { Format } from '@/format/useFormat';
import { whyText } from '@/status/why';
import { statusText } from '@/status/words';
import { CONDITIONS, type FixPlace, WHO } from './codes';

export interface Described {
  text: string;
  line: string;
  who: string;
  fix: string;
  place: FixPlace;
}

/** "1290 USD" of a balance, a channel status, or as it is. */
function readable(code: string, value: string | undefined, t: TFunction, format: Format): string {
  if (!value) return '';
  const money = /^(-?\d+) ([A-Z]{3})$/.exec(value);
  if (money?.[1] && money[2]) return format.money({ amount: money[1], currency: money[2] });
  if (code === 'REFUSED') return whyText(value, t);
  if (code === 'NOT_TO_SHIP')
    return value
      .split(/,\s*/)
      .map((status) => statusText('channel', status, t))
      .join(', ');
  return /^\d+$/.test(value) && code === 'STOCK_SHORT' ? format.number(Number(value)) : value;
}

export function isKnownCondition(code: string): boolean {
  return code in CONDITIONS;
}

export function describeCondition(
  condition: OpenCondition & Partial<Condition>,
  t: TFunction,
  format: Format,
): Described {
  const { code, ok = false } = condition;
  const known = isKnownCondition(code);
  const value = readable(code, condition.value, t, format);
  const wanted = readable(code, condition.wanted, t, format);
  const key = `condition.${known ? code : 'UNKNOWN'}`;
  // Some sentences name what was found; without it they have a form of their own.
  const form = ok ? 'met' : value === '' && known ? 'bare' : 'open';
  const who = WHO.find((one) => one === condition.who);
  return {
    text: t(`${key}.${form}`, {
      code,
      value,
      wanted,
      defaultValue: t(`${key}.open`, { code, value, wanted }),
    }),
    line: condition.line ? t('condition.line', { line: condition.line }) : '',
    who: who ? t(`who.${who}`) : '',
    fix: ok ? '' : known ? t(`${key}.fix`) : (condition.fix ?? ''),
    place: CONDITIONS[code] ?? null,
  };
}
