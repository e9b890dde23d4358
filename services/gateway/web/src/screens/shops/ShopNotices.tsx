// The marketplace's notices that are kept: what they said, and those of a kind that is not known.
import { Alert, Code } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { shopNoticesQuery } from '@/api/queries';
import type { ShopNotice } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { DataTable } from '@/parts/DataTable';
import { Empty } from '@/parts/Empty';
import { PagedList } from '@/parts/PagedList';
import { Section } from '@/parts/Section';
import { ToneBadge } from '@/status/StatusBadge';

export function ShopNotices({ shop }: { shop: string }) {
  const { t } = useTranslation();
  const notices = useInfiniteQuery(shopNoticesQuery(shop));
  const unknown = notices.data?.pages[0]?.unknown_count ?? 0;
  return (
    <Section id="notices" title={t('shopTab.notices')} about={t('shopNotices.about')}>
      {unknown > 0 && (
        <Alert color="yellow" variant="light" title={t('shopNotices.unknown', { count: unknown })}>
          {t('shopNotices.unknownText')}
        </Alert>
      )}
      <PagedList
        query={notices}
        empty={<Empty title={t('shopNotices.none')} text={t('shopNotices.noneText')} />}
      >
        {(items) => <Table items={items} />}
      </PagedList>
    </Section>
  );
}

function Table({ items }: { items: ShopNotice[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable
      label={t('shopTab.notices')}
      rows={items.map((notice, index) => ({ ...notice, index }))}
      rowKey={({ index }) => String(index)}
      columns={[
        { name: t('activity.when'), cell: ({ at }) => at && format.time(at) },
        { name: t('shopNotices.kind'), cell: (notice) => <Kind notice={notice} /> },
        { name: t('shopNotices.said'), cell: (notice) => <Said notice={notice} /> },
      ]}
    />
  );
}

function Kind({ notice }: { notice: ShopNotice }) {
  const { t } = useTranslation();
  if (notice.unknown)
    return <ToneBadge tone="warn" text={t('shopNotices.unknownKind', { type: notice.type })} />;
  return (
    <>
      {t(`webhook.${notice.type}`, { defaultValue: t('shopNotices.other', { type: notice.type }) })}
    </>
  );
}

/** The marketplace's own words: for support, as they came. */
function Said({ notice }: { notice: ShopNotice }) {
  const { t } = useTranslation();
  if (notice.unknown) return <>{t('shopNotices.fields', { fields: notice.fields ?? '–' })}</>;
  const said = Object.entries(notice.content ?? {}).filter(
    ([, value]) => typeof value !== 'object',
  );
  return (
    <Code block ta="start" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
      {said.map(([name, value]) => `${name}: ${String(value)}`).join('\n')}
    </Code>
  );
}
