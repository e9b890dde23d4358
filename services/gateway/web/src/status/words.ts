// The word for a state; one that we do not know is shown as it came.
import type { TFunction } from 'i18next';
import type { StatusKind } from './tones';

export function statusText(kind: StatusKind, state: string, t: TFunction): string {
  return t(`status.${kind}.${state}`, { defaultValue: state });
}

/** What it means, for those that need a word of explanation. */
export function statusMeaning(kind: StatusKind, state: string, t: TFunction): string {
  return t(`statusMeaning.${kind}.${state}`, { defaultValue: '' });
}
