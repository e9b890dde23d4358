// Everything the screens read, each with its key; live events and commands forget by the first words of a key.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { OrderFilter } from '@/screens/orders/filter';
import { api, ask } from './client';
import type { ImportResult, ListingState, Page, Service } from './types';

export const PAGE = 50;

/** A list that grows page by page along its cursor. */
export function pages<Answer extends Page<unknown>>(
  key: readonly unknown[],
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Answer>,
) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/me', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

export const noticesQuery = queryOptions({
  queryKey: ['notices'],
  queryFn: ({ signal }) =>
    ask(api.GET('/api/v1/notices', { params: { query: { limit: 5 } }, signal })),
});

/** The connected shops, and connections that wait for a choice. */
export const shopListQuery = queryOptions({
  queryKey: ['shops'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/shops', { signal })),
});

export const shopsQuery = queryOptions({ ...shopListQuery, select: ({ items }) => items });

export const formerShopsQuery = queryOptions({
  queryKey: ['shops', 'former'],
  queryFn: async ({ signal }) =>
    (await ask(api.GET('/api/v1/shops', { params: { query: { disconnected: true } }, signal })))
      .items,
});

export const shopQuery = (id: string) =>
  queryOptions({
    queryKey: ['shops', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/shops/{id}', { params: { path: { id } }, signal })),
  });

export const activityQuery = (id: string) =>
  pages(['shops', id, 'activity'], (cursor, signal) =>
    ask(
      api.GET('/api/v1/shops/{id}/activity', {
        params: { path: { id }, query: { limit: PAGE, cursor } },
        signal,
      }),
    ),
  );

/** Two months of days are one page: their sum stands above them. */
const DAYS = 62;

export const certificatesQuery = (id: string) =>
  pages(['shops', id, 'certificates'], (cursor, signal) =>
    ask(
      api.GET('/api/v1/shops/{id}/certificates', {
        params: { path: { id }, query: { limit: DAYS, cursor } },
        signal,
      }),
    ),
  );

export const tasksQuery = (id: string, state?: 'open') =>
  pages(['shops', id, 'tasks', state ?? ''], (cursor, signal) =>
    ask(
      api.GET('/api/v1/shops/{id}/tasks', {
        params: { path: { id }, query: { state, limit: PAGE, cursor } },
        signal,
      }),
    ),
  );

export const shopNoticesQuery = (id: string) =>
  pages(['shops', id, 'notices'], (cursor, signal) =>
    ask(
      api.GET('/api/v1/shops/{id}/notices', {
        params: { path: { id }, query: { limit: PAGE, cursor } },
        signal,
      }),
    ),
  );

/** Read only when a label is wanted: the first question has it fetched. */
export const packageDocumentQuery = (id: string, parcel: string) =>
  queryOptions({
    queryKey: ['label', id, parcel],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/shops/{id}/packages/{package}/document', {
          params: { path: { id, package: parcel } },
          signal,
        }),
      ),
  });

/** Whether a listing of the shop is not linked yet. */
export const unlinkedQuery = (shop: string) =>
  queryOptions({
    queryKey: ['listings', 'unlinked', shop],
    queryFn: async ({ signal }) =>
      (
        await ask(
          api.GET('/api/v1/listings', {
            params: { query: { shop, state: 'UNMAPPED', limit: 1 } },
            signal,
          }),
        )
      ).items.length > 0,
  });

export const connectQuery = (id: string) =>
  queryOptions({
    queryKey: ['connect', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/shops/connect/{id}', { params: { path: { id } }, signal })),
  });

export const ordersQuery = (filter: OrderFilter) =>
  pages(['orders', 'list', filter], (cursor, signal) =>
    ask(
      api.GET('/api/v1/orders', { params: { query: { ...filter, limit: PAGE, cursor } }, signal }),
    ),
  );

export const orderCountsQuery = (shop?: string) =>
  queryOptions({
    queryKey: ['orders', 'counts', shop ?? ''],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/orders/counts', { params: { query: { shop } }, signal })),
  });

export const orderQuery = (id: string, at?: string) =>
  queryOptions({
    queryKey: ['order', id, ...(at ? [at] : [])],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/orders/{id}', { params: { path: { id }, query: { at } }, signal })),
  });

/** Belongs to the order: what changes that forgets it too. */
export const notesQuery = (order: string) =>
  queryOptions({
    queryKey: ['order', order, 'notes'],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/orders/{id}/notes', { params: { path: { id: order } }, signal })))
        .items,
  });

export const tagsQuery = queryOptions({
  queryKey: ['tags'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/tags', { signal }))).items,
});

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'timeline'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/orders/{id}/timeline', { params: { path: { id } }, signal })),
  });

export const conditionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'conditions'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/orders/{id}/conditions', { params: { path: { id } }, signal })),
  });

export interface ReturnFilter {
  state?: string | undefined;
  shop?: string | undefined;
  order?: string;
}

export const returnsQuery = (filter: ReturnFilter) =>
  pages(['returns', 'list', filter], (cursor, signal) =>
    ask(
      api.GET('/api/v1/returns', { params: { query: { ...filter, limit: PAGE, cursor } }, signal }),
    ),
  );

export const returnCountsQuery = (shop?: string) =>
  queryOptions({
    queryKey: ['returns', 'counts', shop ?? ''],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/returns/counts', { params: { query: { shop } }, signal })),
  });

export const returnQuery = (id: string) =>
  queryOptions({
    queryKey: ['returns', 'one', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/returns/{id}', { params: { path: { id } }, signal })),
  });

/** Kept no longer than it is shown. */
export const buyerQuery = (id: string) =>
  queryOptions({
    queryKey: ['buyers', 'one', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/orders/{id}/buyer', { params: { path: { id } }, signal })),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const accessesQuery = pages(['buyers', 'accesses'], (cursor, signal) =>
  ask(api.GET('/api/v1/buyers/accesses', { params: { query: { limit: 10, cursor } }, signal })),
);

export const erasuresQuery = pages(['buyers', 'erasures'], (cursor, signal) =>
  ask(api.GET('/api/v1/buyers/erasures', { params: { query: { limit: 10, cursor } }, signal })),
);

export const cancellingQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'cancelling'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/orders/{id}/cancel', { params: { path: { id } }, signal })),
  });

export const runsQuery = (shop?: string) =>
  pages(['runs', shop ?? ''], (cursor, signal) =>
    ask(api.GET('/api/v1/import-runs', { params: { query: { shop, limit: 10, cursor } }, signal })),
  );

export const runLinesQuery = (id: string, result?: ImportResult) =>
  pages(['runs', 'lines', id, result ?? ''], (cursor, signal) =>
    ask(
      api.GET('/api/v1/import-runs/{id}/lines', {
        params: { path: { id }, query: { result, limit: PAGE, cursor } },
        signal,
      }),
    ),
  );

export interface ListingFilter {
  tab?: 'all' | 'synced';
  shop?: string;
  state?: ListingState;
  q?: string;
}

export const listingsQuery = (filter: ListingFilter) =>
  pages(['listings', filter], (cursor, signal) =>
    ask(
      api.GET('/api/v1/listings', {
        params: { query: { ...filter, limit: PAGE, cursor } },
        signal,
      }),
    ),
  );

export const listingCountsQuery = (shop?: string) =>
  queryOptions({
    queryKey: ['listings', 'counts', shop ?? ''],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/listings/counts', { params: { query: { shop } }, signal })),
  });

export const skusQuery = (keys: string[]) =>
  queryOptions({
    queryKey: ['listings', 'skus', keys],
    queryFn: async ({ signal }) =>
      (
        await ask(
          api.GET('/api/v1/listings/skus', {
            params: { query: { skus: keys.join(',') } },
            signal,
          }),
        )
      ).items,
    enabled: keys.length > 0,
  });

/** Of these SKUs; without any, page by page of all that are not linked. */
export const suggestionsQuery = (keys: string[]) =>
  pages(['listings', 'suggestions', keys], (cursor, signal) =>
    ask(
      api.GET('/api/v1/mappings/suggestions', {
        params: {
          query: keys.length > 0 ? { skus: keys.join(',') } : { limit: 20, cursor },
        },
        signal,
      }),
    ),
  );

export const mappingPreviewQuery = (keys: string[]) =>
  queryOptions({
    queryKey: ['listings', 'preview', keys],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/mappings/preview', {
          params: { query: { skus: keys.join(',') } },
          signal,
        }),
      ),
    enabled: keys.length > 0,
  });

export const mappingHistoryQuery = (key: string) =>
  queryOptions({
    queryKey: ['listings', 'history', key],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/mappings/history', { params: { query: { skus: key } }, signal })))
        .items,
  });

export const mappingProgressQuery = queryOptions({
  queryKey: ['mapping-progress'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/mappings/progress', { signal })),
});

export const mappingJobQuery = (id: string) =>
  queryOptions({
    queryKey: ['mapping-jobs', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/mapping-jobs/{id}', { params: { path: { id } }, signal })),
  });

export const lineDesignsQuery = (order: string) =>
  queryOptions({
    queryKey: ['order', order, 'designs'],
    queryFn: async ({ signal }) =>
      (
        await ask(
          api.GET('/api/v1/orders/{id}/designs', { params: { path: { id: order } }, signal }),
        )
      ).items,
  });

export const warehousesQuery = queryOptions({
  queryKey: ['warehouses'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/warehouses', { signal }))).items,
});

export interface StockFilter {
  q?: string;
  warehouse?: string;
}

export const stockQuery = (filter: StockFilter) =>
  pages(['stock', filter], (cursor, signal) =>
    ask(
      api.GET('/api/v1/stock', { params: { query: { ...filter, limit: PAGE, cursor } }, signal }),
    ),
  );

export const placementSettingsQuery = queryOptions({
  queryKey: ['settings', 'placement'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/settings/placement', { signal })),
});

export const statusTableQuery = queryOptions({
  queryKey: ['settings', 'statuses'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/settings/statuses', { signal })),
});

export const statusHistoryQuery = queryOptions({
  queryKey: ['settings', 'statuses', 'history'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/settings/statuses/history', { signal })),
});

export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/system', { signal })),
});

export const deadLettersQuery = (service: Service) =>
  pages(['dead-letters', service], (cursor, signal) =>
    ask(
      api.GET('/api/v1/dead-letters', {
        params: { query: { service, limit: PAGE, cursor } },
        signal,
      }),
    ),
  );
