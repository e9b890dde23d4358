// Who an order made by hand is for.
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ['buyers', 'customer', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/orders/{id}/customer', { params: { path: { id } }, signal })),
    gcTime: 0,
    retry: false,
  });
