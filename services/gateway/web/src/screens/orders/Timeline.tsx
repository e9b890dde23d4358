// The facts about an order on their way from service to service: under which trace, when said, when stored, how long it took.
import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { timelineQuery } from '@/api/queries';
import type { OrderTimeline } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { CopyId } from '@/parts/CopyId';
import { type Column, DataTable } from '@/parts/DataTable';
import { ReadingState } from '@/parts/Page';
import { Section } from '@/parts/Section';

type Hop = OrderTimeline['hops'][number];

export function Timeline({ id }: { id: string }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <Section
      id="timeline"
      title={t('timeline.title')}
      actions={
        !opened && (
          <Button variant="default" onClick={() => setOpened(true)}>
            {t('timeline.show')}
          </Button>
        )
      }
    >
      {opened && <Hops id={id} />}
    </Section>
  );
}

function Hops({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery(timelineQuery(id));
  const columns: Column<Hop>[] = [
    {
      name: t('timeline.fact'),
      cell: (hop) => (hop.fact === 'marketplace' ? t('timeline.marketplace') : hop.fact),
      mono: true,
    },
    { name: t('timeline.service'), cell: (hop) => t(`service.${hop.service}`) },
    {
      name: t('timeline.emitted'),
      cell: (hop) => (hop.emitted_at ? format.time(hop.emitted_at, 'clock') : '–'),
    },
    { name: t('timeline.committed'), cell: (hop) => format.time(hop.committed_at, 'clock') },
    {
      name: t('timeline.took'),
      cell: (hop) =>
        hop.took_ms == null ? '–' : t('timeline.ms', { ms: format.number(hop.took_ms) }),
      end: true,
    },
    { name: t('timeline.trace'), cell: (hop) => hop.trace_id && <CopyId id={hop.trace_id} /> },
  ];
  return (
    <>
      <ReadingState query={query} />
      {query.data && (
        <DataTable
          label={t('timeline.title')}
          columns={columns}
          rows={query.data.hops}
          rowKey={(hop) => `${hop.service} ${hop.fact} ${hop.committed_at}`}
        />
      )}
      {query.data && query.data.silent.length > 0 && (
        <Text size="sm" c="dimmed" mt="xs" role="status">
          {t('timeline.silent', {
            services: query.data.silent.map((name) => t(`service.${name}`)).join(', '),
          })}
        </Text>
      )}
    </>
  );
}
