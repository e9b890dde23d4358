// What became of each order of an import run: chosen by result, as a file, and loaded again when it was mended.
import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { runLinesQuery } from '@/api/queries';
import type { ImportLine, ImportResult, ImportRun, Shop } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { LinkAnchor } from '@/parts/links';
import { PagedList } from '@/parts/PagedList';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import { StatusBadge } from '@/status/StatusBadge';
import { TONES } from '@/status/tones';
import { statusText } from '@/status/words';

export const BUSY_MS = 2000;
const LATER_MS = 4000;
const RESULTS = Object.keys(TONES.runLine) as ImportResult[];

export const isRunning = (run: ImportRun) => !run.finished_at;

export function RunLines({ shop, run }: { shop: Shop; run: ImportRun }) {
  const { t } = useTranslation();
  const [result, setResult] = useState<ImportResult>();
  const lines = useInfiniteQuery({
    ...runLinesQuery(run.id, result),
    refetchInterval: isRunning(run) ? BUSY_MS : false,
  });
  return (
    <Stack gap={6} mt="sm">
      <Group gap="xs" align="flex-end">
        <NativeSelect
          size="xs"
          label={t('runs.result')}
          value={result ?? ''}
          onChange={(event) =>
            setResult((event.currentTarget.value || undefined) as ImportResult | undefined)
          }
          data={[
            { value: '', label: t('orders.any') },
            ...RESULTS.map((value) => ({ value, label: statusText('runLine', value, t) })),
          ]}
        />
        <Button
          component="a"
          size="xs"
          variant="default"
          href={`/api/v1/import-runs/${run.id}/lines.csv${result ? `?result=${result}` : ''}`}
          download
        >
          {t('settlements.file')}
        </Button>
        {!isRunning(run) && <LoadAgain run={run} />}
      </Group>
      <PagedList query={lines} empty={t('runs.noLines')}>
        {(items) =>
          items.map((line) => <Line key={line.channel_order_id} shop={shop} line={line} />)
        }
      </PagedList>
    </Stack>
  );
}

function LoadAgain({ run }: { run: ImportRun }) {
  const { t } = useTranslation();
  const format = useFormat();
  const again = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/import-runs/{id}/again', {
          params: { path: { id: run.id }, header: command() },
        }),
      ),
    forget: [['runs']],
    forgetLater: LATER_MS,
    said: ({ orders, more }) =>
      orders === 0
        ? t('runs.nothingAgain')
        : t(more ? 'runs.askedSome' : 'runs.askedAgain', {
            count: orders,
            shown: format.number(orders),
          }),
  });
  if (!useMay('orders.write')) return null;
  return (
    <>
      <Button size="xs" loading={again.isPending} onClick={() => again.mutate()}>
        {t('runs.again')}
      </Button>
      <ProblemNote error={again.error} />
    </>
  );
}

function Line({ shop, line }: { shop: Shop; line: ImportLine }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { result, detail } = line;
  const unpaired = result === 'NOT_MAPPED' || result === 'NOT_DOWNLOADED';
  return (
    <Group gap="xs">
      <Text size="sm">{shop.alias}</Text>
      {line.order_id ? (
        <LinkAnchor to="/orders/$id" params={{ id: line.order_id }} size="sm" ff="monospace">
          {line.channel_order_id}
        </LinkAnchor>
      ) : (
        <Text size="sm" ff="monospace">
          {line.channel_order_id}
        </Text>
      )}
      <StatusBadge kind="runLine" state={result} />
      {detail && (
        <Text size="sm" c="dimmed">
          {unpaired ? t(`runProduct.${result}`, { name: detail }) : detail}
        </Text>
      )}
      {line.asked_at && (
        <Text size="sm" c="dimmed" title={format.time(line.asked_at)}>
          {t('runs.askedAt', { ago: format.ago(line.asked_at) })}
        </Text>
      )}
      {unpaired && (
        <LinkAnchor to="/products" search={{ tab: 'listings', state: 'UNMAPPED' }} size="sm">
          {t('fix.products')}
        </LinkAnchor>
      )}
    </Group>
  );
}
