// What happened to a shop: each sync, agreement and change, with its time and result.
import { Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { activityQuery, warehousesQuery } from '@/api/queries';
import type { Activity } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { DataTable } from '@/parts/DataTable';
import { PagedList } from '@/parts/PagedList';
import { Section } from '@/parts/Section';
import { useMay } from '@/parts/useMay';
import { ToneBadge } from '@/status/StatusBadge';
import { whyText } from '@/status/why';
import { activityTone } from './activity';

export function Activities({ shop }: { shop: string }) {
  const { t } = useTranslation();
  const activity = useInfiniteQuery(activityQuery(shop));
  return (
    <Section id="activity" title={t('shopTab.activity')} about={t('activity.about')}>
      <PagedList query={activity} empty={t('activity.none')}>
        {(items) => <Table items={items} />}
      </PagedList>
    </Section>
  );
}

function Table({ items }: { items: Activity[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable
      label={t('shopTab.activity')}
      rows={items}
      rowKey={({ at, event, detail }) => `${at} ${event} ${detail}`}
      columns={[
        {
          name: t('activity.when'),
          cell: ({ at, until, times }) => (
            <span>
              {at && format.time(at)}
              {times > 1 && until && at !== until && ` – ${format.time(until, 'clock')}`}
            </span>
          ),
        },
        { name: t('activity.what'), cell: (one) => <What one={one} /> },
        { name: t('activity.result'), cell: (one) => <Result one={one} /> },
        { name: t('activity.who'), cell: ({ user }) => user ?? t('who.SYSTEM') },
      ]}
    />
  );
}

function What({ one }: { one: Activity }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = t(`shopEvent.${one.event}`, { defaultValue: one.event });
  return (
    <div>
      {name}
      {one.times > 1 && (
        <Text component="span" size="sm" c="dimmed">
          {' '}
          × {format.number(one.times)}
        </Text>
      )}
    </div>
  );
}

function Result({ one }: { one: Activity }) {
  const { t } = useTranslation();
  const format = useFormat();
  const tone = activityTone(one.event);
  const word = tone === 'good' ? 'done' : tone === 'bad' ? 'failed' : 'look';
  return (
    <div>
      <ToneBadge tone={tone} text={t(`activity.${word}`)} />
      {one.count > 0 && (
        <Text size="sm">
          {t('activity.count', { count: one.count, shown: format.number(one.count) })}
        </Text>
      )}
      <Detail one={one} />
    </div>
  );
}

function Detail({ one }: { one: Activity }) {
  const { t } = useTranslation();
  const mayStock = useMay('stock.read');
  const wanted = one.event === 'warehouse-set' && mayStock;
  const warehouses = useQuery({ ...warehousesQuery, enabled: wanted });
  if (!one.detail) return null;
  const named = wanted && warehouses.data?.find(({ id }) => id === one.detail)?.name;
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      {named || whyText(one.detail, t)}
    </Text>
  );
}
