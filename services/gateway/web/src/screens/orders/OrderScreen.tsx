// One order: what it is, why it is or is not placed, its lines, what happened to it.
import { Alert, Button, Group, Paper, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orderQuery, shopsQuery } from '@/api/queries';
import type { OrderDetail, OrderResult } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { CopyId } from '@/parts/CopyId';
import { Fact, Facts } from '@/parts/Fact';
import { LinkAnchor, LinkButton } from '@/parts/links';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import { StatusBadge } from '@/status/StatusBadge';
import { AfterSale, AfterSaleButtons } from './AfterSale';
import { Buyer } from './Buyer';
import { runBulk } from './bulk';
import { Conditions } from './Conditions';
import { Customer } from './Customer';
import { DeleteButton, DeletionNote } from './Deletion';
import { Flags } from './Flags';
import { Notes } from './Notes';
import { OrderHistory } from './OrderHistory';
import { OrderLines } from './OrderLines';
import { OrderResults } from './OrderResults';
import { OrderTags } from './OrderTags';
import { Parcels } from './Parcels';
import { ShipBy } from './ShipBy';
import { Timeline } from './Timeline';

const DRAFTS: readonly (string | null | undefined)[] = ['UNSYNC', 'NOT_READY'];

export function OrderScreen() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/orders/$id' });
  const { at } = useSearch({ from: '/orders/$id' });
  const query = useQuery(orderQuery(id, at));
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
        !at && (
          <>
            {DRAFTS.includes(order.stage) && <PlaceOne id={order.id} />}
            <ChangeButton order={order} />
            <AfterSaleButtons order={order} />
            <DeleteButton order={order} />
          </>
        )
      }
    >
      {at && <PastNote id={id} at={at} />}
      <DeletionNote order={order} past={Boolean(at)} />
      <OrderFacts order={order} />
      {!at && <AfterSale order={order} />}
      {!at && <Conditions id={order.id} />}
      <OrderLines order={order} past={at !== undefined} />
      {!at && <Notes order={order.id} />}
      {!at && (isManual(order) ? <Customer order={order.id} /> : <Buyer order={order.id} />)}
      <OrderHistory order={order} />
      {!at && <Timeline id={order.id} />}
    </Page>
  );
}

/** The page shows what was; nothing can be done to that. */
function PastNote({ id, at }: { id: string; at: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Alert variant="light" color="yellow" title={t('orders.pastTitle', { time: format.time(at) })}>
      <LinkAnchor to="/orders/$id" params={{ id }} search={{}} size="sm">
        {t('orders.pastBack')}
      </LinkAnchor>
    </Alert>
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
          <Flags order={order} />
          <CopyId id={order.channel_order_id} />
        </Group>
        <Facts>
          <Fact name={t('orders.shop')}>
            {isManual(order) ? (
              t('orderFilter.source.manual')
            ) : (
              <LinkAnchor to="/shops/$id" params={{ id: order.shop_id }} size="sm">
                {alias}
              </LinkAnchor>
            )}
          </Fact>
          <Fact name={t('orders.total')}>{order.total ? format.money(order.total) : '–'}</Fact>
          <Fact name={t('orders.units')}>{format.number(order.units ?? 0)}</Fact>
          <Fact name={t('orders.created')}>{moment(order.created_at)}</Fact>
          <Fact name={t('orders.paid')}>{moment(order.paid_at)}</Fact>
          <Fact name={t('orders.shipBy')}>{moment(order.ship_by)}</Fact>
          {!isManual(order) && (
            <>
              <Fact name={t('orders.updated')}>{moment(order.updated_at)}</Fact>
              <Fact name={t('orders.channelStatus')}>
                <StatusBadge kind="channel" state={order.channel_status} />
              </Fact>
            </>
          )}
        </Facts>
        {order.tags && <OrderTags order={order} />}
        <Parcels order={order} />
      </Stack>
    </Paper>
  );
}

const isManual = ({ flags = [] }: OrderDetail) => flags.includes('MANUAL');

/** What was made by hand may be changed until it is placed. */
function ChangeButton({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const may = useMay('orders.write');
  if (!may || !isManual(order) || order.deletion || !DRAFTS.includes(order.stage)) return null;
  return (
    <LinkButton to="/orders/$id/change" params={{ id: order.id }} variant="default">
      {t('manual.changeIt')}
    </LinkButton>
  );
}

function PlaceOne({ id }: { id: string }) {
  const { t } = useTranslation();
  const mayPlace = useMay('orders.place');
  const [results, setResults] = useState<OrderResult[] | null>(null);
  const place = useCommand({
    run: () => runBulk('place', [id]),
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
      {results && <OrderResults bulk="place" results={results} onClose={() => setResults(null)} />}
    </>
  );
}
