// Live events: what they say, and what is read again.
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

test('the order list is left alone: it decides by itself', () => {
  const lists = Object.values(TOUCHED)
    .flat()
    .filter((key) => key[0] === 'orders' && key[1] !== 'counts');
  expect(lists).toEqual([]);
});
