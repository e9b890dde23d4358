// What the screens read of our goods.
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { PAGE, pages } from './queries';
import type { CatalogueKind, Supply } from './types';

export interface GoodsFilter {
  q?: string;
  type?: string;
  supply?: Supply;
  archived?: boolean;
  unmapped?: boolean;
  low?: boolean;
}

export const variantsQuery = (filter: GoodsFilter) =>
  pages(['variants', filter], (cursor, signal) =>
    ask(
      api.GET('/api/v1/variants', {
        params: { query: { ...filter, limit: PAGE, cursor } },
        signal,
      }),
    ),
  );

export const productTypesQuery = queryOptions({
  queryKey: ['variants', 'types'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/product-types', { signal }))).items,
});

export const historyQuery = (kind: CatalogueKind, id: string) =>
  queryOptions({
    queryKey: ['variants', 'history', kind, id],
    queryFn: async ({ signal }) =>
      (
        await ask(
          api.GET('/api/v1/catalogue/{kind}/{id}/history', {
            params: { path: { kind, id } },
            signal,
          }),
        )
      ).items,
  });

/** Read again while something is still to be done. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['imports', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/imports/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) =>
      state.data && ['CHECKED', 'DONE', 'REFUSED'].includes(state.data.state) ? false : 700,
  });

export const importWrongQuery = (id: string) =>
  queryOptions({
    queryKey: ['imports', id, 'wrong'],
    queryFn: async ({ signal }) =>
      (
        await ask(
          api.GET('/api/v1/imports/{id}/lines', {
            params: { path: { id }, query: { outcome: 'WRONG', limit: 20 } },
            signal,
          }),
        )
      ).items,
  });
