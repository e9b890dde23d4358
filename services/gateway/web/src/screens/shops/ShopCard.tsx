// One shop in the list: how it is, how fresh its data is, what can be done.
import { Alert, Button, Group, Paper, Stack, Switch, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { warehousesQuery } from '@/api/queries';
import type { Shop } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Fact, Facts } from '@/parts/Fact';
import { LinkAnchor, LinkButton } from '@/parts/links';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import { StatusBadge } from '@/status/StatusBadge';
import { Expiry } from './Expiry';
import { ShopProgress } from './ShopProgress';

interface Props {
  shop: Shop;
  onLoad: () => void;
  onDisconnect: () => void;
}

export function ShopCard({ shop, onLoad, onDisconnect }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayChange = useMay('shops.write');
  const mayLoad = useMay('orders.write');
  const connected = shop.state !== 'DISCONNECTED';
  return (
    <Paper p="md" component="article">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div>
            <Title order={2} size="h4">
              <LinkAnchor to="/shops/$id" params={{ id: shop.id }} inherit>
                {shop.alias}
              </LinkAnchor>
            </Title>
            <Text size="sm" c="dimmed">
              {format.region(shop.region)} · {shop.channel_shop_id}
            </Text>
          </div>
          <span style={{ flex: 'none' }}>
            <StatusBadge kind="shop" state={shop.state} />
          </span>
        </Group>
        <ShopProgress shop={shop} />
        <ShopTrouble shop={shop} />
        <Facts>
          <ShopFacts shop={shop} />
        </Facts>
        {connected && (
          <Group justify="space-between" gap="xs">
            <PullSwitch shop={shop} disabled={!mayChange} />
            <Group gap="xs">
              {mayChange && needsConsent(shop) && (
                <LinkButton
                  to="/shops/connect"
                  search={{ alias: shop.alias, region: shop.region }}
                  size="xs"
                >
                  {t('shops.reconnect')}
                </LinkButton>
              )}
              {mayLoad && (
                <Button size="xs" variant="default" onClick={onLoad}>
                  {t('load.open')}
                </Button>
              )}
              {mayChange && (
                <Button size="xs" variant="subtle" color="red" onClick={onDisconnect}>
                  {t('shops.disconnect')}
                </Button>
              )}
            </Group>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

const needsConsent = (shop: Shop) => shop.state === 'EXPIRED' || shop.state === 'NEAR_EXPIRY';

export function ShopFacts({ shop }: { shop: Shop }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayStock = useMay('stock.read');
  const warehouses = useQuery({ ...warehousesQuery, enabled: mayStock });
  const warehouse = warehouses.data?.find(({ id }) => id === shop.warehouse_id);
  const when = (at: string | null | undefined) => (at ? format.ago(at) : t('common.never'));
  return (
    <>
      <Fact name={t('shops.orders')}>{format.number(shop.orders_seen ?? 0)}</Fact>
      <Fact name={t('shops.listings')}>{format.number(shop.listings ?? 0)}</Fact>
      <Fact name={t('shops.warehouse')}>{warehouse?.name ?? shop.warehouse_id ?? '–'}</Fact>
      <Fact name={t('shops.lastPull')}>{when(shop.last_pull_at)}</Fact>
      <Fact name={t('shops.lastWebhook')}>{when(shop.last_webhook_at)}</Fact>
      <Fact name={t('shops.pending')}>{format.number(shop.pending_fetches ?? 0)}</Fact>
      <Fact name={t('shops.expiry')}>
        <Expiry at={shop.grant_ends_at} />
      </Fact>
    </>
  );
}

/** Why a shop does not get its data, when the connector said so. */
export function ShopTrouble({ shop }: { shop: Shop }) {
  const { t } = useTranslation();
  const words = [shop.grant_problem, shop.pull_problem].filter(Boolean);
  if (words.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" title={t('shops.trouble')}>
      {words.map((word) => (
        <Text key={word} size="sm">
          {word}
        </Text>
      ))}
    </Alert>
  );
}

export function PullSwitch({ shop, disabled }: { shop: Shop; disabled: boolean }) {
  const { t } = useTranslation();
  const turn = useCommand({
    run: (on: boolean) =>
      ask(
        api.POST('/api/v1/shops/{id}/pull', {
          params: { path: { id: shop.id }, header: command() },
          body: { on },
        }),
      ),
    forget: [['shops']],
  });
  const shown = turn.isPending ? turn.variables : shop.pull_on;
  return (
    <div>
      <Switch
        label={t('shops.pull')}
        checked={shown}
        disabled={disabled || turn.isPending}
        onChange={(event) => turn.mutate(event.currentTarget.checked)}
      />
      <ProblemNote error={turn.error} />
    </div>
  );
}
