// Why something was not done: our own word for it, translated; what the marketplace said, as it came.
import type { TFunction } from 'i18next';

/** "ALREADY CANCELLED" → the sentence of ALREADY about CANCELLED; "25001021 …" as it is. */
export function whyText(words: string | null | undefined, t: TFunction): string {
  const [, code, what] = /^([A-Z]+(?:_[A-Z]+)*)(?: (.*))?$/.exec(words ?? '') ?? [];
  return code ? t(`why.${code}`, { what: what ?? '', defaultValue: words ?? '' }) : (words ?? '');
}
