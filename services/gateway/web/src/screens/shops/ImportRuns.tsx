// The import runs of a shop; each opens into a line for every order.
import { Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { runLinesQuery, runsQuery } from '@/api/queries';
import type { ImportRun } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { LinkAnchor } from '@/parts/links';
import { MoreButton } from '@/parts/more';
import { ReadingState } from '@/parts/Page';
import { StatusBadge } from '@/status/StatusBadge';

const BUSY_MS = 2000;

const isRunning = (run: ImportRun) => !run.finished_at;

export function ImportRuns({ shop, opened }: { shop: string; opened: string | undefined }) {
  const { t } = useTranslation();
  const runs = useInfiniteQuery({
    ...runsQuery(shop),
    refetchInterval: ({ state }) => (state.data?.pages[0]?.items.some(isRunning) ? BUSY_MS : false),
  });
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Paper p="md">
      <Title order={2} size="h4" mb="xs">
        {t('runs.title')}
      </Title>
      <ReadingState query={runs} />
      {runs.data && items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('runs.none')}
        </Text>
      )}
      <Stack gap="sm">
        {items.map((run) => (
          <Run key={run.id} run={run} opened={run.id === opened} />
        ))}
        <MoreButton query={runs} />
      </Stack>
    </Paper>
  );
}

function Run({ run, opened }: { run: ImportRun; opened: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState(opened);
  const seen = run.orders_seen ?? 0;
  const total = run.orders_total ?? 0;
  const state = run.state ?? (run.finished_at ? 'FINISHED' : 'RUNNING');
  const range =
    run.from && run.until
      ? `${format.time(run.from)} – ${format.time(run.until)}`
      : t('runs.whenever');
  return (
    <Paper p="sm">
      <Group justify="space-between" gap="xs">
        <div>
          <Text size="sm" fw={600}>
            {t(`runReason.${run.reason}`, { defaultValue: run.reason })} ·{' '}
            {format.time(run.started_at)}
          </Text>
          <Text size="sm" c="dimmed">
            {range}
          </Text>
        </div>
        <Group gap="xs">
          <StatusBadge kind="run" state={state} />
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {t('runs.lines', { count: seen, shown: format.number(seen) })}
          </Button>
        </Group>
      </Group>
      {isRunning(run) && total > 0 && (
        <Progress mt="xs" animated value={(100 * seen) / total} aria-label={t('runs.title')} />
      )}
      {run.failure && (
        <Text size="sm" mt="xs" c="var(--mantine-color-error)">
          {run.failure}
        </Text>
      )}
      {open && <RunLines run={run} />}
    </Paper>
  );
}

function RunLines({ run }: { run: ImportRun }) {
  const { t } = useTranslation();
  const lines = useInfiniteQuery({
    ...runLinesQuery(run.id),
    refetchInterval: isRunning(run) ? BUSY_MS : false,
  });
  const items = lines.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap={6} mt="sm">
      <ReadingState query={lines} />
      {lines.data && items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('runs.noLines')}
        </Text>
      )}
      {items.map((line) => (
        <Group key={line.channel_order_id} gap="xs">
          {line.order_id ? (
            <LinkAnchor to="/orders/$id" params={{ id: line.order_id }} size="sm" ff="monospace">
              {line.channel_order_id}
            </LinkAnchor>
          ) : (
            <Text size="sm" ff="monospace">
              {line.channel_order_id}
            </Text>
          )}
          <StatusBadge kind="runLine" state={line.result} />
          {line.detail && (
            <Text size="sm" c="dimmed">
              {line.detail}
            </Text>
          )}
          {(line.result === 'NOT_MAPPED' || line.result === 'NOT_DOWNLOADED') && (
            <LinkAnchor to="/products" search={{ tab: 'listings', state: 'UNMAPPED' }} size="sm">
              {t('fix.products')}
            </LinkAnchor>
          )}
        </Group>
      ))}
      <MoreButton query={lines} />
    </Stack>
  );
}
