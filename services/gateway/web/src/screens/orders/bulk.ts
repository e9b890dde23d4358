// A command for any number of orders: the API takes 500 at a time, each order has its own result.
import { api, ask, command } from '@/api/client';
import type { OrderResult } from '@/api/types';

export const MOST_AT_ONCE = 500;

/** Calls `seen` after each part; what was done before an error is in its results. */
export async function inParts<Item>(
  ids: string[],
  send: (part: string[]) => Promise<{ items: Item[] }>,
  seen: (results: Item[]) => void = () => undefined,
): Promise<Item[]> {
  const results: Item[] = [];
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
    results.push(...(await send(ids.slice(at, at + MOST_AT_ONCE))).items);
    seen([...results]);
  }
  return results;
}

export type Bulk = 'place' | 'delete' | 'restore';

/** Why something is deleted, and whether also what the marketplace has not cancelled. */
export interface DeletionForm {
  override?: boolean;
  reason?: string | undefined;
}

const header = () => ({ params: { header: command() } });

type Send = (ids: string[], form: DeletionForm) => Promise<{ items: OrderResult[] }>;
const SEND: Record<Bulk, Send> = {
  place: (ids) => ask(api.POST('/api/v1/orders/place', { ...header(), body: { ids } })),
  delete: (ids, form) =>
    ask(api.POST('/api/v1/orders/delete', { ...header(), body: { ids, ...form } })),
  restore: (ids) => ask(api.POST('/api/v1/orders/restore', { ...header(), body: { ids } })),
};

export const runBulk = (
  bulk: Bulk,
  ids: string[],
  seen?: (results: OrderResult[]) => void,
  form: DeletionForm = {},
) => inParts(ids, (part) => SEND[bulk](part, form), seen);

/** What came of how many; nothing of which there is none. */
export function countResults(results: OrderResult[]): Partial<Record<string, number>> {
  const counts: Partial<Record<string, number>> = {};
  for (const { result } of results) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}
