// The connected shops.
import { Alert, Button, Group, SimpleGrid, Text } from '@mantine/core';
import { IconBuildingStore, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problem';
import { connectQuery, shopsQuery } from '@/api/queries';
import type { Shop } from '@/api/types';
import { Empty } from '@/parts/Empty';
import { LinkButton } from '@/parts/links';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { useMay } from '@/parts/useMay';
import { Disconnect } from './Disconnect';
import { LoadOrders } from './LoadOrders';
import { forgetConnect, lastConnect } from './lastConnect';
import { ShopCard } from './ShopCard';

const BUSY_MS = 2000; // while a first import runs, beside the live events
const QUIET_MS = 20_000;

const isBusy = (shop: Shop) =>
  shop.state === 'CONNECTING' || (shop.progress != null && !shop.progress.finished);

export function ShopsScreen() {
  const { t } = useTranslation();
  const { problem } = useSearch({ from: '/shops' });
  const navigate = useNavigate();
  const mayChange = useMay('shops.write');
  const shops = useQuery({
    ...shopsQuery,
    refetchInterval: ({ state }) => (state.data?.some(isBusy) ? BUSY_MS : QUIET_MS),
  });
  const [loading, setLoading] = useState<Shop | null>(null);
  const [leaving, setLeaving] = useState<Shop | null>(null);
  const add = mayChange && (
    <LinkButton to="/shops/connect" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('shops.add')}
    </LinkButton>
  );
  return (
    <Page title={t('nav.shops')} about={<AsOf at={shops.dataUpdatedAt} />} actions={add}>
      {problem && (
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
      )}
      <Unfinished />
      <ReadingState query={shops} />
      {shops.data?.length === 0 && (
        <Empty
          icon={<IconBuildingStore aria-hidden />}
          title={t('shops.none')}
          text={t('shops.noneText')}
          action={add}
        />
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {shops.data?.map((shop) => (
          <ShopCard
            key={shop.id}
            shop={shop}
            onLoad={() => setLoading(shop)}
            onDisconnect={() => setLeaving(shop)}
          />
        ))}
      </SimpleGrid>
      {loading && <LoadOrders shop={loading} onClose={() => setLoading(null)} />}
      {leaving && <Disconnect shop={leaving} onClose={() => setLeaving(null)} />}
    </Page>
  );
}

/** A connection that was begun in this browser and can be gone on with. */
function Unfinished() {
  const { t } = useTranslation();
  const id = lastConnect();
  const connect = useQuery({ ...connectQuery(id ?? ''), enabled: id !== null, retry: false });
  if (id === null || !connect.data) return null;
  if (connect.data.state !== 'CHOOSING') {
    if (connect.data.state !== 'WAITING') forgetConnect();
    return null;
  }
  return (
    <Alert color="yellow" variant="light" title={t('connect.unfinished')}>
      <Group justify="space-between">
        <Text size="sm">{t('connect.unfinishedText')}</Text>
        <LinkButton to="/shops/connect/$id" params={{ id }} size="xs">
          {t('connect.goOn')}
        </LinkButton>
      </Group>
    </Alert>
  );
}
