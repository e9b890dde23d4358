// How every service is: ready or why not, what waits, what could not be processed.
import { Anchor, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { systemQuery } from '@/api/queries';
import type { ServiceState } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { DataTable } from '@/parts/DataTable';
import { Fact, Facts } from '@/parts/Fact';
import { LinkAnchor } from '@/parts/links';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { ToneBadge } from '@/status/StatusBadge';
import { DeadLetters } from './DeadLetters';
import { outboxTone } from './outbox';

const REFRESH_MS = 5000;

export function SystemScreen() {
  const { t } = useTranslation();
  const system = useQuery({ ...systemQuery, refetchInterval: REFRESH_MS });
  return (
    <Page title={t('nav.system')} about={<AsOf at={system.dataUpdatedAt} />}>
      <ReadingState query={system} />
      {system.data && (
        <>
          <Group>
            <ToneBadge
              tone={system.data.ready ? 'good' : 'bad'}
              text={t(system.data.ready ? 'system.allReady' : 'system.notAllReady')}
            />
          </Group>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {system.data.services.map((service) => (
              <ServiceCard key={service.service} state={service} />
            ))}
          </SimpleGrid>
        </>
      )}
      <DeadLetters services={system.data?.services ?? []} />
      <Text size="xs" c="dimmed">
        {t('system.health')}{' '}
        <Anchor href="/healthz" target="_blank" rel="noreferrer" size="xs" underline="always">
          /healthz
        </Anchor>
      </Text>
    </Page>
  );
}

function ServiceCard({ state }: { state: ServiceState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const dead = state.dead_letters ?? 0;
  return (
    <Paper p="md" component="article">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Title order={2} size="h5">
            {t(`service.${state.service}`)}
          </Title>
          <ToneBadge
            tone={state.ready ? 'good' : 'bad'}
            text={t(state.ready ? 'system.ready' : 'system.notReady')}
          />
        </Group>
        {!state.ready && state.reason && <Text size="sm">{state.reason}</Text>}
        <Facts>
          <Fact name={t('system.version')}>{state.version ?? '–'}</Fact>
          <Fact name={t('system.uptime')}>
            {state.uptime_s === undefined ? '–' : format.span(state.uptime_s)}
          </Fact>
          <Fact name={t('system.later')}>{format.number(state.later ?? 0)}</Fact>
          <Fact name={t('system.heal')}>{format.number(state.heal ?? 0)}</Fact>
          <Fact name={t('system.deadLetters')}>
            {dead > 0 ? (
              <LinkAnchor to="/system" search={{ service: state.service }} size="sm" fw={700}>
                {format.number(dead)}
              </LinkAnchor>
            ) : (
              '0'
            )}
          </Fact>
        </Facts>
        <Outbox state={state} />
      </Stack>
    </Paper>
  );
}

function Outbox({ state }: { state: ServiceState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const boxes = Object.entries(state.outbox ?? {});
  if (boxes.length === 0) return null;
  return (
    <DataTable
      label={t('system.outbox')}
      small
      rows={boxes}
      rowKey={([receiver]) => receiver}
      columns={[
        {
          name: t('system.outbox'),
          cell: ([receiver]) => t(`service.${receiver}`, { defaultValue: receiver }),
        },
        { name: t('system.depth'), end: true, cell: ([, box]) => format.number(box.depth) },
        {
          name: t('system.oldest'),
          end: true,
          cell: ([, box]) =>
            outboxTone(box) === 'good' ? (
              format.span(box.oldest_s)
            ) : (
              <ToneBadge tone={outboxTone(box)} text={format.span(box.oldest_s)} />
            ),
        },
      ]}
    />
  );
}
