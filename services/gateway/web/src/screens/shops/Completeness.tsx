// The certificates of a shop's days: what TikTok Shop lists beside what is held here.
import { Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { certificatesQuery } from '@/api/queries';
import type { Certificate, Shop } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { DataTable } from '@/parts/DataTable';
import { Empty } from '@/parts/Empty';
import { LinkAnchor } from '@/parts/links';
import { PagedList } from '@/parts/PagedList';
import { Section } from '@/parts/Section';
import { ToneBadge } from '@/status/StatusBadge';
import { certificateState, sumOf } from './certificate';

export function Completeness({ shop }: { shop: Shop }) {
  const { t } = useTranslation();
  const days = useInfiniteQuery(certificatesQuery(shop.id));
  return (
    <Section id="completeness" title={t('complete.title')} about={t('complete.about')}>
      <PagedList
        query={days}
        empty={<Empty title={t('complete.none')} text={t('complete.noneText')} />}
      >
        {(items) => (
          <>
            <Sum days={items} />
            <Days days={items} shop={shop.id} />
          </>
        )}
      </PagedList>
    </Section>
  );
}

function Sum({ days }: { days: Certificate[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { listed, held, difference, first, last } = sumOf(days);
  return (
    <Group gap="xs" role="status">
      <ToneBadge
        tone={difference === 0 ? 'good' : 'bad'}
        text={t('complete.sentence', {
          listed: format.number(listed),
          held: format.number(held),
          difference: format.number(difference),
        })}
      />
      <Text size="sm" c="dimmed">
        {format.day(first)} – {format.day(last)}
      </Text>
    </Group>
  );
}

function Days({ days, shop }: { days: Certificate[]; shop: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable
      label={t('complete.title')}
      rows={days}
      rowKey={({ day }) => day}
      columns={[
        { name: t('complete.day'), cell: ({ day }) => format.day(day) },
        { name: t('complete.listed'), end: true, cell: ({ listed }) => format.number(listed) },
        { name: t('complete.held'), end: true, cell: ({ held }) => format.number(held) },
        {
          name: t('complete.difference'),
          end: true,
          strong: true,
          cell: ({ difference }) => format.number(difference),
        },
        { name: t('complete.state'), cell: (day) => <State day={day} shop={shop} /> },
        {
          name: t('complete.checked'),
          cell: ({ checked_at }) =>
            checked_at ? (
              <span title={format.time(checked_at)}>{format.ago(checked_at)}</span>
            ) : (
              t('common.never')
            ),
        },
      ]}
    />
  );
}

function State({ day, shop }: { day: Certificate; shop: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const state = certificateState(day);
  const count = (day.missing?.length ?? 0) + (day.stale?.length ?? 0);
  const text = t(`complete.is.${state}`, {
    count,
    shown: format.number(count),
    found: format.number(day.found ?? 0),
    until: day.until ? format.time(day.until, 'moment') : '',
  });
  const tone = state === 'DIFFERS' ? 'bad' : state === 'BEHIND' ? 'warn' : 'good';
  return (
    <Stack gap={4} align="flex-start">
      <ToneBadge tone={tone} text={text} />
      <Ids name="missing" ids={day.missing} shop={null} />
      <Ids name="stale" ids={day.stale} shop={shop} />
      <Ids name="extra" ids={day.extra} shop={shop} />
    </Stack>
  );
}

interface IdsProps {
  name: 'missing' | 'stale' | 'extra';
  ids: string[] | undefined;
  /** Whose orders they are; null when they are not here. */
  shop: string | null;
}

function Ids({ name, ids = [], shop }: IdsProps) {
  const { t } = useTranslation();
  if (ids.length === 0) return null;
  const bare = (id: string) => id.replace(/^\d+-/, '');
  return (
    <details>
      <summary>
        <Text component="span" size="sm">
          {t(`complete.${name}`, { count: ids.length })}
        </Text>
      </summary>
      {ids.map((id) =>
        shop === null ? (
          <Text key={id} size="sm" ff="monospace">
            {bare(id)}
          </Text>
        ) : (
          <LinkAnchor
            key={id}
            to="/orders/$id"
            params={{ id: `${shop}-${bare(id)}` }}
            size="sm"
            ff="monospace"
            display="block"
          >
            {bare(id)}
          </LinkAnchor>
        ),
      )}
    </details>
  );
}
