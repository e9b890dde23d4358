// Placing any number of orders: the API takes 500 at a time, each order has its own result.
import { api, ask, command } from '@/api/client';
import type { PlaceItem } from '@/api/types';

export const MOST_AT_ONCE = 500;

/** Calls `seen` after each part; what was placed before an error is in its results. */
export async function placeOrders(
  ids: string[],
  seen: (results: PlaceItem[]) => void = () => undefined,
): Promise<PlaceItem[]> {
  const results: PlaceItem[] = [];
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
    const body = { ids: ids.slice(at, at + MOST_AT_ONCE) };
    const part = await ask(
      api.POST('/api/v1/orders/place', { params: { header: command() }, body }),
    );
    results.push(...part.items);
    seen([...results]);
  }
  return results;
}

export function countResults(results: PlaceItem[]): Record<PlaceItem['result'], number> {
  const counts = { PLACED: 0, ALREADY_PLACED: 0, REFUSED: 0 };
  for (const { result } of results) counts[result]++;
  return counts;
}
