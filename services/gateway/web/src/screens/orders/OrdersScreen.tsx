// The order list: what is where, what keeps it, and placing it.
import { Button, Stack, Text } from '@mantine/core';
import { IconRefresh, IconShoppingCart } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orderCountsQuery, ordersQuery, shopsQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';
import { Empty } from '@/parts/Empty';
import { LinkAnchor, LinkButton } from '@/parts/links';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { useMay } from '@/parts/useMay';
import { ChannelTabs } from './ChannelTabs';
import { Filters } from './Filters';
import { askedOf, isFiltered } from './filter';
import { ImportOrders } from './ImportOrders';
import { MoreFilters } from './MoreFilters';
import { OrderList } from './OrderList';
import classes from './Orders.module.css';
import { StageTabs } from './StageTabs';
import { TickedBar, useBulks } from './TickedBar';
import { useCalmList } from './useCalmList';

const QUIET_MS = 30_000;

export function OrdersScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = useSearch({ from: '/orders' });
  const bulks = useBulks(search.group === 'deleted');
  const counts = useQuery({ ...orderCountsQuery(search.shop), refetchInterval: QUIET_MS });
  const shops = useQuery(shopsQuery);
  const filter = useMemo(() => askedOf(search), [search]);
  const orders = useInfiniteQuery(ordersQuery(filter));
  const items = useMemo(
    () => orders.data?.pages.flatMap((page) => page.items) ?? [],
    [orders.data],
  );
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const calm = useCalmList(filter, ticked.size > 0);
  const tick = useCallback(
    (ids: string[], on: boolean) =>
      setTicked((old) => {
        const next = new Set(old);
        for (const id of ids) on ? next.add(id) : next.delete(id);
        return next;
      }),
    [],
  );
  const filtered = isFiltered(search);
  const lost = orders.data?.pages[0]?.not_found ?? [];
  return (
    <Page
      title={t('nav.orders')}
      about={<AsOf at={orders.dataUpdatedAt} />}
      actions={<NewOrders />}
    >
      <Stack gap="sm">
        <StageTabs counts={counts.data} />
        <ChannelTabs counts={counts.data} />
        <Filters shops={shops.data ?? []} />
        <MoreFilters />
        <NotFound words={lost} />
        <UnsyncHint count={search.group === 'drafts' ? counts.data?.by_stage.UNSYNC : 0} />
        <div className={classes.pill}>
          {calm.waiting > 0 && (
            <Button
              size="xs"
              radius="xl"
              leftSection={<IconRefresh size={14} aria-hidden />}
              onClick={calm.show}
            >
              {t('orders.changed', { count: calm.waiting, shown: format.number(calm.waiting) })}
            </Button>
          )}
        </div>
        <ReadingState query={orders} />
        {orders.data && items.length === 0 && (
          <Empty
            icon={<IconShoppingCart aria-hidden />}
            title={t(filtered ? 'orders.noMatch' : 'orders.none')}
            text={t(filtered ? 'orders.noMatchText' : 'orders.noneText')}
            action={
              filtered ? (
                <LinkButton to="/orders" search={{}} variant="default">
                  {t('orders.clear')}
                </LinkButton>
              ) : (
                <LinkButton to="/shops">{t('nav.shops')}</LinkButton>
              )
            }
          />
        )}
        {items.length > 0 && (
          <div {...calm.guard}>
            <OrderList
              items={items}
              shops={shops.data ?? []}
              ticked={ticked}
              onTick={bulks.length > 0 ? tick : undefined}
              query={orders}
            />
          </div>
        )}
      </Stack>
      {bulks.length > 0 && ticked.size > 0 && (
        <TickedBar
          ids={[...ticked]}
          orders={items}
          bulks={bulks}
          onClear={() => setTicked(new Set())}
        />
      )}
    </Page>
  );
}

/** Writing down what was sold elsewhere, one by one or from a file. */
function NewOrders() {
  const { t } = useTranslation();
  const may = useMay('orders.write');
  const [importing, setImporting] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button variant="default" onClick={() => setImporting(true)}>
        {t('manual.import')}
      </Button>
      <LinkButton to="/orders/new" variant="default">
        {t('manual.new')}
      </LinkButton>
      {importing && <ImportOrders onClose={() => setImporting(false)} />}
    </>
  );
}

const SHOWN_WORDS = 20;

/** Of what was pasted, the words without any order. */
function NotFound({ words }: { words: string[] }) {
  const { t } = useTranslation();
  if (words.length === 0) return null;
  return (
    <Text size="sm" c="dimmed" role="status">
      {t('orders.notFound', { count: words.length })} {words.slice(0, SHOWN_WORDS).join(', ')}
      {words.length > SHOWN_WORDS ? ' …' : ''}
    </Text>
  );
}

/** Linking a listing once mends all orders that wait for it. */
function UnsyncHint({ count = 0 }: { count: number | undefined }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      {t('orders.unsyncHint')}{' '}
      <LinkAnchor
        to="/products"
        search={{ tab: 'listings', state: 'UNMAPPED' }}
        size="sm"
        underline="always"
      >
        {t('orders.unsyncLink')}
      </LinkAnchor>
    </Text>
  );
}
