// Which locale a language is written in.  Thai dates are Gregorian, as the marketplaces show them.
import type { Language } from '@/api/types';

export const LOCALES: Record<Language, string> = {
  en: 'en-GB',
  vi: 'vi-VN',
  th: 'th-TH-u-ca-gregory',
  zh: 'zh-CN',
};

export const LANGUAGE_NAMES: Record<Language, string> = {
  vi: 'Tiếng Việt',
  th: 'ไทย',
  zh: '中文',
  en: 'English',
};

export function isLanguage(text: string | null | undefined): text is Language {
  return text != null && text in LOCALES;
}
