// A list that is read page by page: loading, not readable, empty, or there, with its next page.
import { Text } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '@/api/types';
import { MoreButton } from './more';
import { ReadingState } from './Page';

interface Props<Item> {
  query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}

export function PagedList<Item>({ query, empty, children }: Props<Item>) {
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <ReadingState query={query} />
      {query.data &&
        items.length === 0 &&
        (typeof empty === 'string' ? (
          <Text size="sm" c="dimmed">
            {empty}
          </Text>
        ) : (
          empty
        ))}
      {items.length > 0 && children(items)}
      <MoreButton query={query} />
    </>
  );
}
