// One shop: its state, its import runs with a result for each order, its history.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shopQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';
import { CopyId } from '@/parts/CopyId';
import { Fact, Facts } from '@/parts/Fact';
import { LinkButton } from '@/parts/links';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { useMay } from '@/parts/useMay';
import { StatusBadge } from '@/status/StatusBadge';
import { Disconnect } from './Disconnect';
import { ImportRuns } from './ImportRuns';
import { LoadOrders } from './LoadOrders';
import { PullSwitch, ShopFacts, ShopTrouble } from './ShopCard';
import { ShopProgress } from './ShopProgress';

const BUSY_MS = 2000;

export function ShopScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const { id } = useParams({ from: '/shops/$id' });
  const { run } = useSearch({ from: '/shops/$id' });
  const mayChange = useMay('shops.write');
  const mayLoad = useMay('orders.write');
  const [asking, setAsking] = useState<'load' | 'leave' | null>(null);
  const query = useQuery({
    ...shopQuery(id),
    refetchInterval: ({ state }) => (state.data?.progress?.finished === false ? BUSY_MS : false),
  });
  const shop = query.data;
  if (!shop)
    return (
      <Page title={t('shops.one')}>
        <ReadingState query={query} />
      </Page>
    );
  const connected = shop.state !== 'DISCONNECTED';
  return (
    <Page
      title={shop.alias}
      about={<AsOf at={query.dataUpdatedAt} />}
      actions={
        <>
          <LinkButton to="/orders" search={{ shop: id }} variant="default">
            {t('shops.itsOrders')}
          </LinkButton>
          {mayLoad && connected && (
            <Button variant="default" onClick={() => setAsking('load')}>
              {t('load.open')}
            </Button>
          )}
          {mayChange && connected && (
            <Button variant="subtle" color="red" onClick={() => setAsking('leave')}>
              {t('shops.disconnect')}
            </Button>
          )}
        </>
      }
    >
      <Paper p="md">
        <Stack gap="sm">
          <Group>
            <StatusBadge kind="shop" state={shop.state} />
            <CopyId id={shop.channel_shop_id} />
          </Group>
          <ShopProgress shop={shop} />
          <ShopTrouble shop={shop} />
          <Facts>
            <Fact name={t('connect.region')}>{format.region(shop.region)}</Fact>
            {shop.connected_at && (
              <Fact name={t('shops.since')}>{format.time(shop.connected_at, 'date')}</Fact>
            )}
            <ShopFacts shop={shop} />
          </Facts>
          {connected && <PullSwitch shop={shop} disabled={!mayChange} />}
        </Stack>
      </Paper>
      <ImportRuns shop={id} opened={run} />
      <Paper p="md">
        <Title order={2} size="h4" mb="xs">
          {t('shops.history')}
        </Title>
        <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {shop.history?.map((event) => (
            <li key={`${event.at} ${event.event}`}>
              <Text size="sm">
                <Text component="span" size="sm" c="dimmed">
                  {format.time(event.at)}
                </Text>{' '}
                {t(`shopEvent.${event.event}`, { defaultValue: event.event })}
                {event.user ? ` · ${event.user}` : ''}
                {event.detail ? ` · ${event.detail}` : ''}
              </Text>
            </li>
          ))}
        </Stack>
      </Paper>
      {asking === 'load' && <LoadOrders shop={shop} onClose={() => setAsking(null)} />}
      {asking === 'leave' && <Disconnect shop={shop} onClose={() => setAsking(null)} />}
    </Page>
  );
}
