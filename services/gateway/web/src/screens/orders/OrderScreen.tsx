// One order: what it is, why it is or is not placed, its lines, what happened to it.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orderQuery, shopsQuery } from '@/api/queries';
import type { OrderDetail, PlaceItem } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { CopyId } from '@/parts/CopyId';
import { Fact, Facts } from '@/parts/Fact';
import { LinkAnchor } from '@/parts/links';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import { StatusBadge } from '@/status/StatusBadge';
import { PackageLabel } from '../shops/PackageLabel';
import { AfterSale, AfterSaleButtons } from './AfterSale';
import { Conditions } from './Conditions';
import { OrderHistory } from './OrderHistory';
import { OrderLines } from './OrderLines';
import { PlaceResults } from './PlaceResults';
import { placeOrders } from './place';
import { ShipBy } from './ShipBy';

const DRAFTS: readonly (string | null | undefined)[] = ['UNSYNC', 'NOT_READY'];

export function OrderScreen() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/orders/$id' });
  const query = useQuery(orderQuery(id));
  const order = query.data;
  if (!order)
    return (
      <Page title={t('orders.one', { id: id.slice(id.indexOf('-') + 1) })}>
        <ReadingState query={query} />
      </Page>
    );
  return (
    <Page
      title={t('orders.one', { id: order.channel_order_id })}
      about={<AsOf at={query.dataUpdatedAt} />}
      actions={
        <>
          {DRAFTS.includes(order.stage) && <PlaceOne id={order.id} />}
          <AfterSaleButtons order={order} />
        </>
      }
    >
      <OrderFacts order={order} />
      <AfterSale order={order} />
      <Conditions id={order.id} />
      <OrderLines order={order} />
      <OrderHistory order={order} />
    </Page>
  );
}

function OrderFacts({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shops = useQuery(shopsQuery);
  const alias = shops.data?.find(({ id }) => id === order.shop_id)?.alias ?? order.shop_id;
  const moment = (at: string | null | undefined) => (at ? format.time(at) : '–');
  return (
    <Paper p="md">
      <Stack gap="sm">
        <Group gap="xs">
          {order.stage && <StatusBadge kind="stage" state={order.stage} />}
          <StatusBadge kind="hub" state={order.hub_status} />
          <ShipBy order={order} />
          <CopyId id={order.channel_order_id} />
        </Group>
        <Facts>
          <Fact name={t('orders.shop')}>
            <LinkAnchor to="/shops/$id" params={{ id: order.shop_id }} size="sm">
              {alias}
            </LinkAnchor>
          </Fact>
          <Fact name={t('orders.total')}>{order.total ? format.money(order.total) : '–'}</Fact>
          <Fact name={t('orders.units')}>{format.number(order.units ?? 0)}</Fact>
          <Fact name={t('orders.created')}>{moment(order.created_at)}</Fact>
          <Fact name={t('orders.paid')}>{moment(order.paid_at)}</Fact>
          <Fact name={t('orders.updated')}>{moment(order.updated_at)}</Fact>
          <Fact name={t('orders.shipBy')}>{moment(order.ship_by)}</Fact>
          <Fact name={t('orders.channelStatus')}>
            <StatusBadge kind="channel" state={order.channel_status} />
          </Fact>
        </Facts>
        {order.packages && order.packages.length > 0 && (
          <div>
            <Title order={2} size="h5" mb={4}>
              {t('orders.packages')}
            </Title>
            {order.packages.map((parcel) => (
              <Group key={parcel.package_id} gap="xs">
                <Text size="sm">
                  {parcel.package_id}
                  {parcel.carrier ? ` · ${parcel.carrier}` : ''}
                  {parcel.tracking ? ` · ${parcel.tracking}` : ''}
                </Text>
                <PackageLabel shop={order.shop_id} parcel={parcel.package_id} />
              </Group>
            ))}
          </div>
        )}
      </Stack>
    </Paper>
  );
}

function PlaceOne({ id }: { id: string }) {
  const { t } = useTranslation();
  const mayPlace = useMay('orders.place');
  const [results, setResults] = useState<PlaceItem[] | null>(null);
  const place = useCommand({
    run: () => placeOrders([id]),
    forget: [['orders'], ['order'], ['wallet']],
    done: setResults,
  });
  if (!mayPlace) return null;
  return (
    <>
      <Button loading={place.isPending} onClick={() => place.mutate()}>
        {t('orders.placeOne')}
      </Button>
      <ProblemNote error={place.error} />
      {results && <PlaceResults results={results} onClose={() => setResults(null)} />}
    </>
  );
}
