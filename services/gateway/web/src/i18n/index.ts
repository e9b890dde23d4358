// Languages: one catalogue each, fetched when it is chosen.
import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '@/api/types';
import { isLanguage, LOCALES } from '@/format/locale';

const KEPT = 'sampan.language';

const catalogues = import.meta.glob<{ default: object }>('./locales/*.json');

const lazy: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, _namespace, done) => {
    const load = catalogues[`./locales/${language}.json`];
    if (!load) return done(new Error(`no catalogue ${language}`), false);
    load().then(
      (loaded) => done(null, loaded.default as never),
      (error) => done(error, false),
    );
  },
};

function keptLanguage(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // storage is switched off
  }
}

/** What was chosen here before, else the browser's, else English. */
export function firstLanguage(): Language {
  const wishes = [keptLanguage(), ...(navigator.languages ?? [])];
  const found = wishes.map((wish) => wish?.slice(0, 2).toLowerCase()).find(isLanguage);
  return found ?? 'en';
}

/** Whether this browser has a choice of its own, which goes before the account's. */
export const hasChosenLanguage = () => isLanguage(keptLanguage());

function showLanguage(language: Language): void {
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language, keep: boolean): Promise<void> {
  if (keep) {
    try {
      localStorage.setItem(KEPT, language);
    } catch {
      // not kept, but chosen
    }
  }
  await i18next.changeLanguage(language);
  showLanguage(language);
}

export async function startLanguages(): Promise<void> {
  const language = firstLanguage();
  await i18next
    .use(lazy)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      supportedLngs: Object.keys(LOCALES),
      keySeparator: '.',
      nsSeparator: false,
      interpolation: { escapeValue: false }, // React escapes
      returnNull: false,
    });
  showLanguage(language);
}
