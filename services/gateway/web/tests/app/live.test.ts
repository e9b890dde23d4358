// Live events: what they say, and what is read again.
import { QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { onChange, readChange, TOUCHED } from '@/app/live';
import { queries } from '@/app/queries';

test('an event names what changed, or says that it is much', () => {
  expect(readChange('orders', '{"account_id":"1","ids":["1-5","1-6"]}').ids).toEqual([
    '1-5',
    '1-6',
  ]);
  expect(readChange('orders', '{"account_id":"1","ids":null}').ids).toBeNull();
  expect(readChange('orders', 'broken')).toEqual({ event: 'orders', ids: null });
});

test('many events are read again once', () => {
  vi.useFakeTimers();
  const again = vi.spyOn(queries, 'invalidateQueries').mockResolvedValue();
  for (let index = 0; index < 20; index++) onChange({ event: 'shops', ids: ['1'] });
  expect(again).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(again).toHaveBeenCalledTimes(TOUCHED.shops.length);
});

test('what is being read is let finish, and read once more', async () => {
  vi.useFakeTimers();
  vi.restoreAllMocks();
  const answers: ((answer: number) => void)[] = [];
  const given = vi.fn();
  const watched = new QueryObserver(queries, {
    queryKey: ['shops', '1', 'activity'],
    queryFn: ({ signal }) => {
      signal.addEventListener('abort', given);
      return new Promise<number>((resolve) => answers.push(resolve));
    },
    initialData: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const end = watched.subscribe(() => undefined);
  void watched.refetch();
  onChange({ event: 'shops', ids: ['1'] });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answers).toHaveLength(1);
  expect(given).not.toHaveBeenCalled();
  answers[0]?.(1);
  await vi.advanceTimersByTimeAsync(2000);
  expect(watched.getCurrentResult().data).toBe(1);
  expect(answers).toHaveLength(2);
  answers[1]?.(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(watched.getCurrentResult().data).toBe(2);
  expect(answers).toHaveLength(2);
  end();
  vi.useRealTimers();
});

test('the order list is left alone: it decides by itself', () => {
  const lists = Object.values(TOUCHED)
    .flat()
    .filter((key) => key[0] === 'orders' && key[1] !== 'counts');
  expect(lists).toEqual([]);
});
