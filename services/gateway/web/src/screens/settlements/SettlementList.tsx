// Order by order: expected, settled, and what is between the two.
import { Paper, Stack, Text } from '@mantine/core';
import { IconReceipt2 } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { settlementsQuery } from '@/api/money';
import type { Settlement, SettlementLine, SettlementState } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { DataTable } from '@/parts/DataTable';
import { Empty } from '@/parts/Empty';
import { LinkAnchor } from '@/parts/links';
import { PagedList } from '@/parts/PagedList';
import { StatusBadge } from '@/status/StatusBadge';
import { TONES } from '@/status/tones';
import { statusText } from '@/status/words';
import tabs from '../orders/StageTabs.module.css';
import { useLineName, wordsOf } from './Report';

interface Props {
  period: { from: string; until: string };
  state: SettlementState | undefined;
  shop: string | undefined;
}

export function SettlementList({ period, state, shop }: Props) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(settlementsQuery({ ...period, state, shop }));
  return (
    <Stack gap="sm">
      <Tabs state={state} />
      <PagedList
        query={list}
        empty={
          <Empty
            icon={<IconReceipt2 aria-hidden />}
            title={t('settlements.none')}
            text={t('settlements.noneText')}
          />
        }
      >
        {(items) => <Table items={items} />}
      </PagedList>
    </Stack>
  );
}

function Tabs({ state }: { state: SettlementState | undefined }) {
  const { t } = useTranslation();
  const search = useSearch({ from: '/settlements' });
  const { state: _, ...kept } = search;
  return (
    <nav aria-label={t('settlements.tabs')} className={tabs.tabs}>
      <Link to="/settlements" search={kept} className={tabs.tab} data-active={!state || undefined}>
        {t('group.all')}
      </Link>
      {(Object.keys(TONES.settlement) as SettlementState[]).map((one) => (
        <Link
          key={one}
          to="/settlements"
          search={{ ...kept, state: one }}
          className={tabs.tab}
          data-active={state === one || undefined}
        >
          {statusText('settlement', one, t)}
        </Link>
      ))}
    </nav>
  );
}

function Table({ items }: { items: Settlement[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Paper p="md">
      <DataTable
        label={t('nav.settlements')}
        rows={items}
        rowKey={({ id }) => id}
        columns={[
          { name: t('settlements.what'), cell: (one) => <What one={one} /> },
          {
            name: t('settlements.state'),
            cell: ({ state }) => <StatusBadge kind="settlement" state={state} />,
          },
          {
            name: t('settlements.expected'),
            end: true,
            cell: ({ expected }) => format.money(expected),
          },
          { name: t('settlements.between'), cell: ({ lines }) => <Between lines={lines} /> },
          {
            name: t('settlements.unexplained'),
            end: true,
            cell: ({ unexplained }) =>
              unexplained.amount !== '0' && (
                <Text size="sm" c="var(--mantine-color-error)">
                  {format.money(unexplained)}
                </Text>
              ),
          },
          {
            name: t('settlements.settled'),
            end: true,
            strong: true,
            cell: ({ settled }) => format.money(settled),
          },
        ]}
      />
    </Paper>
  );
}

function Between({ lines }: { lines: SettlementLine[] }) {
  const format = useFormat();
  const nameOf = useLineName();
  return (
    <Stack gap={2}>
      {lines.map((line) => (
        <Text key={`${line.part} ${line.name}`} size="xs">
          {nameOf(line)} {format.money(line.amount)}
        </Text>
      ))}
    </Stack>
  );
}

function What({ one }: { one: Settlement }) {
  const { t } = useTranslation();
  const format = useFormat();
  const how = one.is_cod == null ? null : t(`paidHow.${one.is_cod ? 'cod' : 'prepaid'}`);
  const words = one.kind === 'ORDER' ? how : wordsOf(one.kind);
  return (
    <Stack gap={2}>
      {one.order_id && (
        <LinkAnchor to="/orders/$id" params={{ id: one.order_id }} size="sm" ff="monospace">
          {one.channel_order_id}
        </LinkAnchor>
      )}
      <Text size="xs" c="dimmed">
        {[words, one.settled_at && format.time(one.settled_at, 'date')].filter(Boolean).join(' · ')}
      </Text>
    </Stack>
  );
}
