// The import runs of a shop; each opens into a line for every order.
import { Button, Group, Paper, Progress, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { runsQuery } from '@/api/queries';
import type { ImportRun, Shop, ShopDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { LinkAnchor } from '@/parts/links';
import { PagedList } from '@/parts/PagedList';
import { Section } from '@/parts/Section';
import { StatusBadge } from '@/status/StatusBadge';
import { BUSY_MS, isRunning, RunLines } from './RunLines';

export function ImportRuns({ shop, opened }: { shop: ShopDetail; opened: string | undefined }) {
  const { t } = useTranslation();
  const runs = useInfiniteQuery({
    ...runsQuery(shop.id),
    refetchInterval: ({ state }) => (state.data?.pages[0]?.items.some(isRunning) ? BUSY_MS : false),
  });
  /** The book does not know which days a history covers; the shop does. */
  const spanOf = (run: ImportRun): Span =>
    run.from ? run : (shop.backfills?.find(({ run_id }) => run_id === run.id) ?? {});
  return (
    <Section id="runs" title={t('runs.title')}>
      <Automatic shop={shop} />
      <PagedList query={runs} empty={t('runs.none')}>
        {(items) =>
          items.map((run) => (
            <Run key={run.id} shop={shop} run={run} span={spanOf(run)} opened={run.id === opened} />
          ))
        }
      </PagedList>
    </Section>
  );
}

/** What comes by itself is no run: it never ends. */
function Automatic({ shop }: { shop: Shop }) {
  const { t } = useTranslation();
  const format = useFormat();
  const running = shop.pull_on && shop.state !== 'DISCONNECTED';
  return (
    <Paper p="sm">
      <Group justify="space-between" gap="xs">
        <div>
          <Text size="sm" fw={600}>
            {t('runReason.automatic')}
          </Text>
          <Text size="sm" c="dimmed">
            {running ? t('runs.automaticText') : t('runs.automaticOff')}
            {shop.last_pull_at && ` ${t('shops.lastPull')}: ${format.ago(shop.last_pull_at)}`}
          </Text>
        </div>
        <LinkAnchor to="/shops/$id" params={{ id: shop.id }} search={{ tab: 'activity' }} size="sm">
          {t('shopTab.activity')}
        </LinkAnchor>
      </Group>
    </Paper>
  );
}

interface Span {
  from?: string | null | undefined;
  until?: string | null | undefined;
}

function Run(props: { shop: Shop; run: ImportRun; span: Span; opened: boolean }) {
  const { shop, run, span } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState(props.opened);
  const seen = run.orders_seen ?? 0;
  const total = run.orders_total ?? 0;
  const state = run.state ?? (run.finished_at ? 'FINISHED' : 'RUNNING');
  const range =
    span.from && span.until
      ? `${format.time(span.from)} – ${format.time(span.until)}`
      : t('runs.whenever');
  return (
    <Paper p="sm">
      <Group justify="space-between" gap="xs">
        <div>
          <Text size="sm" fw={600}>
            {t(`runReason.${run.reason}`, { defaultValue: run.reason })} ·{' '}
            {format.time(run.started_at)}
            {run.user && ` · ${run.user}`}
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
      {open && <RunLines shop={shop} run={run} />}
    </Paper>
  );
}
