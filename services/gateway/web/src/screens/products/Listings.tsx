// The shops' listings, and what each of their SKUs is made of.
import { Button, Group, NativeSelect, Paper, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listingsQuery } from '@/api/queries';
import type { Listing, ListingState } from '@/api/types';
import { Empty } from '@/parts/Empty';
import { LinkButton } from '@/parts/links';
import { MoreButton } from '@/parts/more';
import { ReadingState } from '@/parts/Page';
import { useMay } from '@/parts/useMay';
import { StatusBadge, ToneBadge } from '@/status/StatusBadge';
import { statusText } from '@/status/words';
import { LinkSku } from './LinkSku';
import { SearchBox } from './SearchBox';

const STATES: ListingState[] = ['UNMAPPED', 'NOT_DOWNLOADED', 'SYNCED', 'ARCHIVED'];
export type ListingSku = Listing['skus'][number];

export function Listings() {
  const { t } = useTranslation();
  const { q, state } = useSearch({ from: '/products' });
  const navigate = useNavigate({ from: '/products' });
  const listings = useInfiniteQuery(listingsQuery({ q, state }));
  const [linking, setLinking] = useState<{ listing: Listing; sku: ListingSku } | null>(null);
  const items = listings.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <SearchBox label={t('products.searchListings')} />
        <NativeSelect
          aria-label={t('products.state')}
          value={state ?? ''}
          onChange={(event) => {
            const wanted = (event.currentTarget.value || undefined) as ListingState | undefined;
            void navigate({ search: (old) => ({ ...old, state: wanted }) });
          }}
          data={[
            { value: '', label: t('products.anyState') },
            ...STATES.map((value) => ({ value, label: statusText('listing', value, t) })),
          ]}
        />
      </Group>
      <ReadingState query={listings} />
      {listings.data && items.length === 0 && (
        <Empty
          title={t(q || state ? 'products.noMatch' : 'products.noListings')}
          text={t('products.noListingsText')}
          action={
            <LinkButton to="/shops" variant="default">
              {t('nav.shops')}
            </LinkButton>
          }
        />
      )}
      {items.map((listing) => (
        <ListingCard
          key={listing.id}
          listing={listing}
          onLink={(sku) => setLinking({ listing, sku })}
        />
      ))}
      <MoreButton query={listings} />
      {linking && <LinkSku {...linking} onClose={() => setLinking(null)} />}
    </Stack>
  );
}

interface CardProps {
  listing: Listing;
  onLink: (sku: ListingSku) => void;
}

function ListingCard({ listing, onLink }: CardProps) {
  const { t } = useTranslation();
  const mayChange = useMay('products.write');
  return (
    <Paper p="md" component="article">
      <Group justify="space-between" gap="xs" mb="xs">
        <Text fw={600}>{listing.title || listing.product_id}</Text>
        <StatusBadge kind="listing" state={listing.state} />
      </Group>
      <Stack gap={6}>
        {listing.skus.map((sku) => (
          <Group key={sku.sku_id} gap="xs" justify="space-between">
            <Group gap="xs">
              <Text size="sm" ff="monospace">
                {sku.seller_sku || sku.sku_id}
              </Text>
              <Text size="sm" c="dimmed">
                {sku.title}
              </Text>
            </Group>
            <Group gap="xs">
              {sku.parts && sku.parts.length > 0 ? (
                <Text size="sm">
                  {sku.parts
                    .map((part) => `${part.pieces} × ${part.sku ?? part.variant_id}`)
                    .join(' + ')}
                </Text>
              ) : (
                <ToneBadge tone="warn" text={t('products.notLinked')} />
              )}
              {mayChange && (
                <Button size="compact-xs" variant="default" onClick={() => onLink(sku)}>
                  {t('products.link')}
                </Button>
              )}
            </Group>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
