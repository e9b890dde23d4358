// The formats in the reader's language and the account's time zone, for screens.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '@/api/queries';
import type { Language, Money } from '@/api/types';
import { isLanguage, LOCALES } from './locale';
import { formatMoney, readMoney, writeMoney } from './money';
import { formatDistance, formatSpan, formatTime, secondsUntil, type TimeStyle } from './time';

export interface Format {
  language: Language;
  timeZone: string;
  number: (value: number) => string;
  percent: (value: number) => string;
  money: (money: Money) => string;
  readMoney: (text: string, currency: string) => string | null;
  writeMoney: (amount: string, currency: string) => string;
  time: (at: string | number | Date, style?: TimeStyle) => string;
  day: (day: string) => string;
  ago: (at: string, now?: number) => string;
  span: (seconds: number) => string;
  region: (code: string) => string;
}

export function makeFormat(language: Language, timeZone: string): Format {
  const locale = LOCALES[language];
  return {
    language,
    timeZone,
    number: (value) => new Intl.NumberFormat(locale).format(value),
    percent: (value) => new Intl.NumberFormat(locale, { style: 'percent' }).format(value),
    money: (money) => formatMoney(money, locale),
    readMoney: (text, currency) => readMoney(text, currency, locale),
    writeMoney: (amount, currency) => writeMoney(amount, currency, locale),
    time: (at, style = 'moment') => formatTime(at, style, locale, timeZone),
    day: (day) => (day ? formatTime(`${day}T00:00:00Z`, 'date', locale, 'UTC') : ''),
    ago: (at, now = Date.now()) => formatDistance(secondsUntil(at, now), locale),
    span: (seconds) => formatSpan(seconds, locale),
    region: (code) => regionName(code, locale),
  };
}

export function regionName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function browserTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

export function useFormat(): Format {
  const { i18n } = useTranslation();
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  const language = isLanguage(i18n.language) ? i18n.language : 'en';
  const timeZone = me?.account.time_zone || browserTimeZone();
  return useMemo(() => makeFormat(language, timeZone), [language, timeZone]);
}
