// The rows: a table on wide screens, cards on phones; only what is in view is in the page.
import { Checkbox, Text } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Order, Shop } from '@/api/types';
import { MoreButton } from '@/parts/more';
import classes from './OrderList.module.css';
import { OrderRow } from './OrderRow';

const ROW_PX = 64;
const NEAR_END = 15;

interface Props {
  items: Order[];
  shops: Shop[];
  ticked: ReadonlySet<string>;
  onTick: ((ids: string[], on: boolean) => void) | undefined;
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
  };
}

export function OrderList({ items, shops, ticked, onTick, query }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(box.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: 8,
    scrollMargin: top,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (last >= items.length - NEAR_END && hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const aliases = new Map(shops.map(({ id, alias }) => [id, alias]));
  const all = items.every(({ id }) => ticked.has(id));
  const some = items.some(({ id }) => ticked.has(id));
  const tickAll = onTick && (
    <Checkbox
      aria-label={t('orders.tickAll')}
      checked={all}
      indeterminate={some && !all}
      onChange={() =>
        onTick(
          items.map(({ id }) => id),
          !all,
        )
      }
    />
  );
  return (
    <>
      <div className={classes.phoneHead}>
        {tickAll}
        <Text size="sm" c="dimmed">
          {t('orders.loaded', { count: items.length })}
        </Text>
      </div>
      <div
        role="table"
        aria-label={t('nav.orders')}
        aria-rowcount={query.hasNextPage ? -1 : items.length + 1}
        className={classes.table}
        data-ticks={onTick ? true : undefined}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" className={classes.row} aria-rowindex={1}>
            {onTick && <div role="columnheader">{tickAll}</div>}
            <div role="columnheader">{t('orders.order')}</div>
            <div role="columnheader">{t('orders.stage')}</div>
            <div role="columnheader">{t('orders.hubStatus')}</div>
            <div role="columnheader">{t('orders.why')}</div>
            <div role="columnheader">{t('orders.units')}</div>
            <div role="columnheader">{t('orders.total')}</div>
            <div role="columnheader">{t('orders.shipBy')}</div>
          </div>
        </div>
        <div
          role="rowgroup"
          ref={box}
          style={{ height: rows.getTotalSize(), position: 'relative' }}
        >
          {shown.map((row) => {
            const order = items[row.index];
            return (
              order && (
                <div
                  key={row.key}
                  role="row"
                  aria-rowindex={row.index + 2}
                  data-index={row.index}
                  ref={rows.measureElement}
                  className={classes.row}
                  data-ticked={ticked.has(order.id) || undefined}
                  style={{
                    position: 'absolute',
                    insetInline: 0,
                    top: 0,
                    transform: `translateY(${row.start - top}px)`,
                  }}
                >
                  <OrderRow
                    order={order}
                    alias={aliases.get(order.shop_id) ?? ''}
                    ticked={ticked.has(order.id)}
                    onTick={onTick}
                  />
                </div>
              )
            );
          })}
        </div>
      </div>
      <MoreButton query={query} />
    </>
  );
}
