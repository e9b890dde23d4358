// The catalogues as they are, and a translator for each language.
import i18next, { type TFunction } from 'i18next';
import en from '@/i18n/locales/en.json';
import th from '@/i18n/locales/th.json';
import vi from '@/i18n/locales/vi.json';
import zh from '@/i18n/locales/zh.json';

export const CATALOGUES = { en, vi, th, zh };
export const LANGUAGES = ['en', 'vi', 'th', 'zh'] as const;

export function keysOf(tree: object, path = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' ? keysOf(value, `${path}${key}.`) : [`${path}${key}`],
  );
}

export function textAt(tree: object, key: string): string | undefined {
  let at: unknown = tree;
  for (const part of key.split('.')) at = (at as Record<string, unknown> | undefined)?.[part];
  return typeof at === 'string' ? at : undefined;
}

export async function translator(language: keyof typeof CATALOGUES): Promise<TFunction> {
  const instance = i18next.createInstance();
  await instance.init({
    lng: language,
    nsSeparator: false,
    resources: { [language]: { translation: CATALOGUES[language] } },
    interpolation: { escapeValue: false },
  });
  return instance.t;
}
