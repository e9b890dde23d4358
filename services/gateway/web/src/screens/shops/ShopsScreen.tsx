// The shops of the account: connected, waiting to be finished, and those that were connected.
import { Button, Group, SimpleGrid, Stack, Title } from '@mantine/core';
import { IconBuildingStore, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problem';
import { shopListQuery } from '@/api/queries';
import type { Shop } from '@/api/types';
import { Empty } from '@/parts/Empty';
import { LinkButton } from '@/parts/links';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { useMay } from '@/parts/useMay';
import { FormerShops } from './FormerShops';
import { LoadOrders } from './LoadOrders';
import { ShopCard } from './ShopCard';
import { Unfinished } from './Unfinished';

const BUSY_MS = 2000; // while a first import runs, beside the live events
const QUIET_MS = 20_000;

const isBusy = (shop: Shop) =>
  shop.state === 'CONNECTING' || (shop.progress != null && !shop.progress.finished);

export function ShopsScreen() {
  const { t } = useTranslation();
  const mayChange = useMay('shops.write');
  const list = useQuery({
    ...shopListQuery,
    refetchInterval: ({ state }) => (state.data?.items.some(isBusy) ? BUSY_MS : QUIET_MS),
  });
  const [loading, setLoading] = useState<Shop | null>(null);
  const add = mayChange && (
    <LinkButton to="/shops/connect" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('shops.add')}
    </LinkButton>
  );
  const shops = list.data?.items ?? [];
  return (
    <Page title={t('nav.shops')} about={<AsOf at={list.dataUpdatedAt} />} actions={add}>
      <Returned />
      <Unfinished connects={list.data?.unfinished ?? []} />
      <ReadingState query={list} />
      {list.data && shops.length === 0 && (
        <Empty
          icon={<IconBuildingStore aria-hidden />}
          title={t('shops.none')}
          text={t('shops.noneText')}
          action={add}
        />
      )}
      {shops.length > 0 && (
        <Stack gap="sm" component="section" aria-labelledby="connected">
          <Title order={2} size="h4" id="connected">
            {t('shops.connected', { count: shops.length })}
          </Title>
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md" style={{ alignItems: 'start' }}>
            {shops.map((shop) => (
              <ShopCard
                key={shop.id}
                shop={shop}
                toldAt={list.dataUpdatedAt}
                onLoad={() => setLoading(shop)}
              />
            ))}
          </SimpleGrid>
        </Stack>
      )}
      <FormerShops />
      {loading && <LoadOrders shop={loading} onClose={() => setLoading(null)} />}
    </Page>
  );
}

/** What the return from the marketplace failed with. */
function Returned() {
  const { t } = useTranslation();
  const { problem } = useSearch({ from: '/shops' });
  const navigate = useNavigate();
  if (!problem) return null;
  return (
    <>
      <ProblemNote error={new ApiError(400, { code: problem })} title={t('connect.failed')} />
      <Group>
        <Button
          variant="default"
          size="xs"
          onClick={() => void navigate({ to: '/shops', search: {} })}
        >
          {t('common.close')}
        </Button>
      </Group>
    </>
  );
}
