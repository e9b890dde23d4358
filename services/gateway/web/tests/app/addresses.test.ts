// Addresses: ids stay texts, whatever they look like.
import { expect, test } from 'vitest';
import { parseSearch, router, stringifySearch } from '@/app/router';

test('an id of 18 digits stays what it is', () => {
  expect(parseSearch('?q=576461413038785752&shop=1')).toEqual({
    q: '576461413038785752',
    shop: '1',
  });
});

test('what is not given is not in the address', () => {
  expect(stringifySearch({ group: 'drafts', stage: undefined, q: '' })).toBe('?group=drafts');
  expect(stringifySearch({})).toBe('');
});

test('an address says the same after it was read', () => {
  const search = { q: 'áo thun 5764, 5765', status: 'ON_HOLD' };
  expect(parseSearch(stringifySearch(search))).toEqual(search);
});

test("the gateway's addresses lead to screens", () => {
  const routes = Object.keys(router.routesByPath);
  for (const path of ['/setup', '/shops', '/shops/connect/$id', '/orders/$id'])
    expect(routes).toContain(path);
  const [matchedRoutes] = router.getMatchedRoutes('/shops/connect/abc');
  expect(matchedRoutes.at(-1)?.fullPath).toBe('/shops/connect/$id');
});
