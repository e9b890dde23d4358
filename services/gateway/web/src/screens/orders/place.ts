// Placing any number of orders: the API takes 500 at a time, each order has its own result.
import { api, ask, command } from '@/api/client';
import type { PlaceItem } from '@/api/types';

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

export const placeOrders = (ids: string[], seen?: (results: PlaceItem[]) => void) =>
  inParts(
    ids,
    (part) =>
      ask(api.POST('/api/v1/orders/place', { params: { header: command() }, body: { ids: part } })),
    seen,
  );

export function countResults(results: PlaceItem[]): Record<PlaceItem['result'], number> {
  const counts = { PLACED: 0, ALREADY_PLACED: 0, REFUSED: 0 };
  for (const { result } of results) counts[result]++;
  return counts;
}
