// One command for many orders.
import { afterEach, expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { countResults, MOST_AT_ONCE, runBulk } from '@/screens/orders/bulk';

afterEach(() => {
  vi.restoreAllMocks();
});

function answerAll() {
  return vi.spyOn(api, 'POST').mockImplementation((async (
    _path: string,
    init: { body: { ids: string[] } },
  ) => ({
    data: { items: init.body.ids.map((id) => ({ id, result: 'PLACED' })) },
    response: new Response(null, { status: 200 }),
  })) as never);
}

test('more than the API takes at once goes in parts, each with a key of its own', async () => {
  const post = answerAll();
  const ids = Array.from({ length: MOST_AT_ONCE * 2 + 1 }, (_, index) => String(index));
  const seen: number[] = [];
  const results = await runBulk('place', ids, (part) => seen.push(part.length));
  expect(results.map(({ id }) => id)).toEqual(ids);
  expect(seen).toEqual([500, 1000, 1001]);
  const keys = post.mock.calls.map(
    (call) => JSON.stringify(call[1]).match(/Idempotency-Key":"(\w+)/)?.[1],
  );
  expect(new Set(keys).size).toBe(3);
});

test('results are counted by what became of each order', () => {
  const items = [
    { id: '1', result: 'PLACED' },
    { id: '2', result: 'REFUSED' },
    { id: '3', result: 'REFUSED' },
  ] as const;
  expect(countResults([...items])).toEqual({ PLACED: 1, REFUSED: 2 });
});

test('why something is deleted goes along, with deleting alone', async () => {
  const post = answerAll();
  await runBulk('delete', ['1'], undefined, { override: true, reason: 'a test' });
  await runBulk('restore', ['1'], undefined, { override: true, reason: 'a test' });
  const sent = post.mock.calls as unknown as [string, { body: unknown }][];
  expect(sent.map(([path, { body }]) => [path, body])).toEqual([
    ['/api/v1/orders/delete', { ids: ['1'], override: true, reason: 'a test' }],
    ['/api/v1/orders/restore', { ids: ['1'] }],
  ]);
});
