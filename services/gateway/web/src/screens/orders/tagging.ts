// Tags on many orders at once: what is on them, what is wished, what became of each.
import { api, ask, command } from '@/api/client';
import type { Tag, TagResult } from '@/api/types';
import { inParts } from './bulk';

/** The theme's palette, as the service knows it. */
export const TAG_COLOURS = [
  'gray',
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'sea',
  'blue',
  'violet',
  'pink',
] as const;
export const TAG_CHARACTERS = 40;

export type Standing = 'all' | 'some' | 'none';

/** On how many of the orders a tag is. */
export function standingOf(tag: string, orders: { tags?: Tag[] }[]): Standing {
  const count = orders.filter(({ tags = [] }) => tags.some(({ id }) => id === tag)).length;
  if (count === 0) return 'none';
  return count === orders.length ? 'all' : 'some';
}

/** What was chosen, without what is so already. */
export function wishOf(chosen: ReadonlyMap<string, boolean>, standing: (tag: string) => Standing) {
  const wished = (on: boolean, so: Standing) =>
    [...chosen].filter(([tag, to]) => to === on && standing(tag) !== so).map(([tag]) => tag);
  return { put: wished(true, 'all'), take: wished(false, 'none') };
}

export const tagOrders = (ids: string[], wish: { put: string[]; take: string[] }) =>
  inParts(ids, (part) =>
    ask(
      api.POST('/api/v1/orders/tags', {
        params: { header: command() },
        body: { ids: part, ...wish },
      }),
    ),
  );

export function countTagResults(results: TagResult[]): Record<TagResult['result'], number> {
  const counts = { CHANGED: 0, UNCHANGED: 0, TOO_MANY: 0, NOT_FOUND: 0 };
  for (const { result } of results) counts[result]++;
  return counts;
}
