// What the order list may be asked, as it stands in the address.

import type { StageGroup } from '@/api/types';
import { CONDITIONS } from '@/conditions/codes';
import { GROUPS, HUB_STATUSES, STATUS_GROUPS } from '@/status/tones';

export const FLAGS = [
  'LATE',
  'CONFLICT',
  'CANCEL_WANTED',
  'ON_HOLD',
  'COD',
  'PREPAID',
  'SAMPLE',
  'REPLACEMENT',
  'BY_CHANNEL',
  'OURS',
] as const;
export const SORTS = ['updated', 'created', 'ship_by', 'since'] as const;
export const SOURCES = ['tiktok', 'manual'] as const;
type Sort = (typeof SORTS)[number];

export interface OrderFilter {
  group?: StageGroup;
  stage?: string;
  status?: string;
  hub?: string;
  status_group?: string;
  tab?: string;
  flag?: string;
  condition?: string;
  source?: string;
  tag?: string;
  created_from?: string;
  created_until?: string;
  sort?: Sort;
  shop?: string;
  q?: string;
}

/** The filters behind "More filters": each with the words it may have. */
export const MORE_FILTERS = {
  hub: HUB_STATUSES,
  status_group: STATUS_GROUPS,
  flag: FLAGS,
  condition: Object.keys(CONDITIONS),
  source: SOURCES,
} as const;
export type MoreFilter = keyof typeof MORE_FILTERS;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const oneOf = <Word extends string>(value: unknown, words: readonly string[]): Word | undefined =>
  words.includes(value as string) ? (value as Word) : undefined;

export function readFilter(search: Record<string, unknown>): OrderFilter {
  return {
    group: oneOf<StageGroup>(search.group, GROUPS),
    stage: text(search.stage),
    status: text(search.status),
    hub: text(search.hub),
    status_group: text(search.status_group),
    tab: text(search.tab),
    flag: text(search.flag),
    condition: text(search.condition),
    source: text(search.source),
    tag: text(search.tag),
    created_from: text(search.created_from),
    created_until: text(search.created_until),
    sort: oneOf<Sort>(search.sort, SORTS),
    shop: text(search.shop),
    q: text(search.q),
  };
}

/** A stage says more than its group; what the list cannot be sorted by is left out. */
export function askedOf(filter: OrderFilter): OrderFilter {
  const staged = Boolean(
    filter.stage || filter.group || filter.condition || filter.flag === 'CONFLICT',
  );
  const sort = filter.q || (filter.sort === 'since' && !staged) ? undefined : filter.sort;
  return { ...filter, group: filter.stage ? undefined : filter.group, sort };
}

/** Whether anything but the order of the list was chosen. */
export const isFiltered = ({ sort: _, ...filter }: OrderFilter): boolean =>
  Object.values(filter).some(Boolean);
