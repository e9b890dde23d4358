// Shops that were connected: their orders are still there, and connecting again brings the same shop back.
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formerShopsQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';
import { LinkAnchor } from '@/parts/links';
import { ReadingState } from '@/parts/Page';
import { StatusBadge } from '@/status/StatusBadge';
import { Consent } from './ShopAlert';
import { ShopTitle } from './ShopCard';
import { standingOf } from './standing';

export function FormerShops() {
  const { t } = useTranslation();
  const format = useFormat();
  const former = useQuery(formerShopsQuery);
  const shops = former.data ?? [];
  if (former.error) return <ReadingState query={former} />;
  if (shops.length === 0) return null;
  return (
    <Stack gap="sm" component="section" aria-labelledby="former">
      <div>
        <Title order={2} size="h4" id="former">
          {t('shops.former')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('shops.formerText')}
        </Text>
      </div>
      {shops.map((shop) => (
        <Paper key={shop.id} p="md" component="article">
          <Group justify="space-between" align="flex-start">
            <div>
              <ShopTitle shop={shop} />
              <LinkAnchor to="/orders" search={{ shop: shop.id }} size="sm">
                {t('shops.itsOrders')}: {format.number(shop.orders_seen ?? 0)}
              </LinkAnchor>
            </div>
            <Stack gap={4} align="flex-end">
              <StatusBadge kind="shop" state={standingOf(shop, former.dataUpdatedAt)} />
              <Consent shop={shop} />
            </Stack>
          </Group>
        </Paper>
      ))}
    </Stack>
  );
}
