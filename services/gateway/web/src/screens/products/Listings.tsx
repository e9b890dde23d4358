// The shops' listings: all of them, or those that are linked or were ordered.
import { Button, Group, NativeSelect, Stack } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listingsQuery, shopsQuery } from '@/api/queries';
import type { Listing, ListingState } from '@/api/types';
import { Empty } from '@/parts/Empty';
import { LinkButton } from '@/parts/links';
import { MoreButton } from '@/parts/more';
import { ReadingState } from '@/parts/Page';
import { useMay } from '@/parts/useMay';
import { statusText } from '@/status/words';
import { DesignsDialog } from '../designs/DesignsDialog';
import { MatchDialog } from '../match/MatchDialog';
import { DownloadAll } from './DownloadListings';
import { LinkSku } from './LinkSku';
import { ListingCard } from './ListingCard';
import { SearchBox } from './SearchBox';

const STATES: ListingState[] = ['UNMAPPED', 'NOT_DOWNLOADED', 'SYNCED', 'ARCHIVED'];
export type ListingSku = Listing['skus'][number];

export function Listings() {
  const { t } = useTranslation();
  const { tab, q, state, shop } = useSearch({ from: '/products' });
  const mayChange = useMay('products.write');
  const shops = useQuery(shopsQuery).data ?? [];
  const navigate = useNavigate({ from: '/products' });
  const listings = useInfiniteQuery(
    listingsQuery({ tab: tab === 'synced' ? 'synced' : 'all', shop, q, state }),
  );
  const [linking, setLinking] = useState<{ listing: Listing; sku: ListingSku } | null>(null);
  const [matching, setMatching] = useState<string[] | null>(null);
  const [designing, setDesigning] = useState<string | null>(null);
  const items = listings.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = q || state || tab === 'synced';
  const designed = items.find(({ id }) => id === designing);
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
        {shops.length > 1 && (
          <NativeSelect
            aria-label={t('products.shop')}
            value={shop ?? ''}
            onChange={(event) => {
              const wanted = event.currentTarget.value || undefined;
              void navigate({ search: (old) => ({ ...old, shop: wanted }) });
            }}
            data={[
              { value: '', label: t('products.anyShop') },
              ...shops.map(({ id, alias }) => ({ value: id, label: alias })),
            ]}
          />
        )}
        {mayChange && (
          <Button variant="default" onClick={() => setMatching([])}>
            {t('match.suggested')}
          </Button>
        )}
        {mayChange && <DownloadAll shops={shops.filter(({ id }) => !shop || id === shop)} />}
      </Group>
      <ReadingState query={listings} />
      {listings.data && items.length === 0 && (
        <Empty
          title={t(filtered ? 'products.noMatch' : 'products.noListings')}
          text={t(filtered ? 'products.noMatchText' : 'products.noListingsText')}
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
          onMatch={() => setMatching(listing.skus.map((sku) => `${listing.shop_id}-${sku.sku_id}`))}
          onDesigns={() => setDesigning(listing.id)}
        />
      ))}
      <MoreButton query={listings} />
      {matching && (
        <MatchDialog title={t('match.title')} keys={matching} onClose={() => setMatching(null)} />
      )}
      {designed && <DesignsDialog listing={designed} onClose={() => setDesigning(null)} />}
      {linking && <LinkSku {...linking} onClose={() => setLinking(null)} />}
    </Stack>
  );
}
