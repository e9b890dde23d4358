// Rules of the status table as they are edited.
import type { TFunction } from 'i18next';
import type { StatusRule } from '@/api/types';
import { statusText } from '@/status/words';

export type Shown = Pick<StatusRule, 'hub_status' | 'status_group'>;
export type Edits = Record<string, Shown & { rule: StatusRule; back?: boolean }>;
type Key = Pick<StatusRule, 'channel_status' | 'cause'>;

export const keyOf = (rule: Key): string => `${rule.channel_status} ${rule.cause}`;

/** "Cancelled (by the buyer)"; a status that nobody knows is shown as it came. */
export function ruleWord(rule: Key, t: TFunction): string {
  const status = statusText('channel', rule.channel_status, t);
  return rule.cause ? t('statusTable.cause', { status, cause: t(`cause.${rule.cause}`) }) : status;
}

/** What is asked for; without words a rule is the default again. */
export function rulesOf(edits: Edits) {
  return Object.values(edits).map(({ rule, back, hub_status, status_group }) => ({
    channel_status: rule.channel_status,
    cause: rule.cause,
    ...(back ? {} : { hub_status, status_group }),
  }));
}
