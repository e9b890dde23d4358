// What the screens read of money: the wallet, and what was settled.
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { PAGE, pages } from './queries';
import type { SettlementState } from './types';

export const walletQuery = queryOptions({
  queryKey: ['wallet'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/wallet', { signal })),
});

export const walletEntriesQuery = pages(['wallet', 'entries'], (cursor, signal) =>
  ask(api.GET('/api/v1/wallet/entries', { params: { query: { limit: PAGE, cursor } }, signal })),
);

export interface SettlementFilter {
  from: string;
  until: string;
  shop?: string | undefined;
  state?: SettlementState | undefined;
}

export const settlementsQuery = (filter: SettlementFilter) =>
  pages(['settlements', 'list', filter], (cursor, signal) =>
    ask(
      api.GET('/api/v1/settlements', {
        params: { query: { ...filter, limit: PAGE, cursor } },
        signal,
      }),
    ),
  );

export const settlementReportQuery = (filter: SettlementFilter) =>
  queryOptions({
    queryKey: ['settlements', 'report', filter],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/settlements/report', { params: { query: filter }, signal })),
  });
