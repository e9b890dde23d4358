// A connected shop among the others: state, freshness, agreement, and what can be done with it.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { warehousesQuery } from '@/api/queries';
import type { Shop } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Fact, Facts } from '@/parts/Fact';
import { LinkAnchor, LinkButton } from '@/parts/links';
import { useMay } from '@/parts/useMay';
import { StatusBadge } from '@/status/StatusBadge';
import { Expiry } from './Expiry';
import { FreshnessFacts } from './Freshness';
import { PullSwitch } from './PullSwitch';
import { SetupCount } from './Setup';
import { ShopAlert } from './ShopAlert';
import { ShopProgress } from './ShopProgress';
import { standingOf } from './standing';

interface Props {
  shop: Shop;
  toldAt: number;
  onLoad: () => void;
}

export function ShopCard({ shop, toldAt, onLoad }: Props) {
  const { t } = useTranslation();
  const mayLoad = useMay('orders.write');
  return (
    <Paper p="md" component="article">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div>
            <ShopTitle shop={shop} />
            <SetupCount shop={shop} />
          </div>
          <span style={{ flex: 'none' }}>
            <StatusBadge kind="shop" state={standingOf(shop, toldAt)} />
          </span>
        </Group>
        <ShopProgress shop={shop} />
        <ShopAlert shop={shop} toldAt={toldAt} />
        <Facts>
          <FreshnessFacts shop={shop} />
          <ShopFacts shop={shop} />
        </Facts>
        <Group justify="space-between" gap="xs">
          <PullSwitch shop={shop} />
          <Group gap="xs">
            {mayLoad && (
              <Button size="xs" variant="default" onClick={onLoad}>
                {t('load.open')}
              </Button>
            )}
            <LinkButton
              to="/shops/$id"
              params={{ id: shop.id }}
              search={{ tab: 'settings' }}
              size="xs"
              variant="default"
            >
              {t('shopTab.settings')}
            </LinkButton>
          </Group>
        </Group>
      </Stack>
    </Paper>
  );
}

export function ShopTitle({ shop }: { shop: Shop }) {
  const format = useFormat();
  return (
    <>
      <Title order={3} size="h4" style={{ overflowWrap: 'anywhere' }}>
        <LinkAnchor to="/shops/$id" params={{ id: shop.id }} inherit>
          {shop.alias}
        </LinkAnchor>
      </Title>
      <Text size="sm" c="dimmed">
        {format.region(shop.region)} · {shop.channel_shop_id}
      </Text>
    </>
  );
}

export function ShopFacts({ shop }: { shop: Shop }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayStock = useMay('stock.read');
  const warehouses = useQuery({ ...warehousesQuery, enabled: mayStock });
  const warehouse = warehouses.data?.find(({ id }) => id === shop.warehouse_id);
  return (
    <>
      <Fact name={t('shops.orders')}>{format.number(shop.orders_seen ?? 0)}</Fact>
      <Fact name={t('shops.listings')}>{format.number(shop.listings ?? 0)}</Fact>
      <Fact name={t('shops.warehouse')}>
        {warehouse?.name ?? shop.warehouse_id ?? t('shops.noWarehouse')}
      </Fact>
      <Fact name={t('shops.expiry')}>
        <Expiry at={shop.grant_ends_at} />
      </Fact>
    </>
  );
}
