// Cancellations, returns and refunds: what must be answered first comes first.
import { Paper } from '@mantine/core';
import { IconReceiptRefund } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { returnCountsQuery, returnsQuery } from '@/api/queries';
import type { Return, ReturnCounts } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { type Column, DataTable } from '@/parts/DataTable';
import { Empty } from '@/parts/Empty';
import { LinkAnchor } from '@/parts/links';
import { AsOf } from '@/parts/more';
import { Page } from '@/parts/Page';
import { PagedList } from '@/parts/PagedList';
import { StatusBadge } from '@/status/StatusBadge';
import { RETURN_GROUPS, type ReturnGroup } from '@/status/tones';
import tabs from '../orders/StageTabs.module.css';
import { Deadline } from './Deadline';

export function ReturnsScreen() {
  const { t } = useTranslation();
  const { group, shop } = useSearch({ from: '/returns' });
  const state = group && RETURN_GROUPS[group].join(',');
  const counts = useQuery(returnCountsQuery(shop));
  const list = useInfiniteQuery(returnsQuery({ state, shop }));
  return (
    <Page title={t('nav.returns')} about={<AsOf at={list.dataUpdatedAt} />}>
      <Tabs counts={counts.data} group={group} shop={shop} />
      <PagedList
        query={list}
        empty={
          <Empty
            icon={<IconReceiptRefund aria-hidden />}
            title={t('returns.none')}
            text={t('returns.noneText')}
          />
        }
      >
        {(items) => (
          <Paper p="md">
            <Returns items={items} />
          </Paper>
        )}
      </PagedList>
    </Page>
  );
}

interface TabsProps {
  counts: ReturnCounts | undefined;
  group: ReturnGroup | undefined;
  shop: string | undefined;
}

function Tabs({ counts, group, shop }: TabsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const count = (of: ReturnGroup) =>
    counts
      ? format.number(RETURN_GROUPS[of].reduce((sum, one) => sum + (counts.by_state[one] ?? 0), 0))
      : '…';
  return (
    <nav aria-label={t('returns.tabs')} className={tabs.tabs}>
      <Link to="/returns" search={{ shop }} className={tabs.tab} data-active={!group || undefined}>
        {t('group.all')}
      </Link>
      {(Object.keys(RETURN_GROUPS) as ReturnGroup[]).map((one) => (
        <Link
          key={one}
          to="/returns"
          search={{ shop, group: one }}
          className={tabs.tab}
          data-active={group === one || undefined}
        >
          {t(`returnGroup.${one}`)} <span className={tabs.count}>{count(one)}</span>
        </Link>
      ))}
    </nav>
  );
}

export function Returns({ items, ofOrder }: { items: Return[]; ofOrder?: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const order: Column<Return> = {
    name: t('returns.order'),
    mono: true,
    cell: ({ order_id, channel_order_id }) => (
      <LinkAnchor to="/orders/$id" params={{ id: order_id }} size="sm">
        {channel_order_id}
      </LinkAnchor>
    ),
  };
  return (
    <DataTable
      label={t('nav.returns')}
      rows={items}
      rowKey={({ id }) => id}
      columns={[
        {
          name: t('returns.what'),
          cell: ({ id, kind }) => (
            <LinkAnchor to="/returns/$id" params={{ id }} size="sm">
              {t(`returnKind.${kind}`, { defaultValue: kind })}
            </LinkAnchor>
          ),
        },
        {
          name: t('returns.state'),
          cell: ({ state }) => <StatusBadge kind="return" state={state} />,
        },
        { name: t('returns.deadline'), cell: (one) => <Deadline of={one} /> },
        ...(ofOrder ? [] : [order]),
        { name: t('returns.reason'), cell: ({ reason }) => reason },
        { name: t('orders.units'), end: true, cell: ({ units }) => format.number(units) },
        {
          name: t('returns.refund'),
          end: true,
          strong: true,
          cell: ({ refund }) => format.money(refund),
        },
      ]}
    />
  );
}
