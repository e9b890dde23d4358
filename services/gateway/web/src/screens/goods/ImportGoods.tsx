// Our goods from a CSV file or a workbook: what would happen is shown before it is done.
import { Alert, Button, FileButton, Group, List, Progress, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { importQuery, importWrongQuery } from '@/api/goods';
import type { GoodsImport } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Dialog } from '@/parts/Dialog';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { whyText } from '@/status/why';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const COLUMNS =
  'sku, name, barcode, unit, image, source_link, supply, cost, currency, weight_g, type, product, attributes, parts';

export function ImportGoods({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [id, setId] = useState<string | null>(null);
  const upload = useCommand({
    run: (chosen: File) =>
      ask(
        api.POST('/api/v1/imports', {
          params: { header: command(), query: { name: chosen.name, check: true } },
          body: '',
          bodySerializer: () => chosen,
          headers: {
            'Content-Type': chosen.name.toLowerCase().endsWith('.xlsx') ? XLSX : 'text/csv',
          },
        }),
      ),
    done: (begun) => setId(begun.id),
  });
  return (
    <Dialog wide title={t('products.import')} onClose={onClose}>
      <Stack>
        <Text size="sm">{t('goods.importFile', { columns: COLUMNS })}</Text>
        <Group>
          <FileButton
            accept={`.csv,.xlsx,text/csv,${XLSX}`}
            onChange={(chosen) => {
              setFile(chosen);
              setId(null);
              upload.reset();
            }}
          >
            {(props) => (
              <Button {...props} variant="default">
                {t('products.choose')}
              </Button>
            )}
          </FileButton>
          <Text size="sm">{file?.name}</Text>
        </Group>
        <ProblemNote error={upload.error} />
        {id ? (
          <Import id={id} onClose={onClose} />
        ) : (
          <>
            <Text size="xs" c="dimmed">
              {t('goods.checkText')}
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t('common.close')}
              </Button>
              <Button
                disabled={!file}
                loading={upload.isPending}
                onClick={() => file && upload.mutate(file)}
              >
                {t('goods.check')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Dialog>
  );
}

function Import({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const { data: run, error } = useQuery(importQuery(id));
  const doIt = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/imports/{id}/run', {
          params: { header: command(), path: { id } },
        }),
      ),
    forget: [['imports', id]],
  });
  const done = run?.state === 'DONE';
  useEffect(() => {
    if (!done) return;
    for (const queryKey of [['variants'], ['listings']])
      void queries.invalidateQueries({ queryKey });
  }, [done, queries]);
  const would = run ? run.created + run.updated : 0;
  return (
    <>
      <ProblemNote error={error ?? doIt.error} />
      {run && <Progressed run={run} />}
      {run && (run.state === 'CHECKED' || done) && <Outcome run={run} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common.close')}
        </Button>
        {run?.state === 'CHECKED' && (
          <Button disabled={would === 0} loading={doIt.isPending} onClick={() => doIt.mutate()}>
            {t('goods.doIt', { count: would, shown: format.number(would) })}
          </Button>
        )}
      </Group>
    </>
  );
}

function Progressed({ run }: { run: GoodsImport }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (run.state === 'REFUSED')
    return (
      <Alert role="alert" color="red" variant="light" title={t('goods.refused')}>
        {whyText(run.problem, t)}
      </Alert>
    );
  const figures = { done: format.number(run.done), lines: format.number(run.lines) };
  const words = {
    READING: t('goods.reading'),
    CHECKING: t('goods.checking', figures),
    SAVING: t('goods.saving', figures),
    CHECKED: null,
    DONE: null,
  }[run.state];
  if (!words) return null;
  return (
    <Stack gap={4}>
      <Text size="sm" role="status">
        {words}
      </Text>
      <Progress
        aria-label={words}
        value={run.lines > 0 ? (100 * run.done) / run.lines : 0}
        animated
      />
      <Text size="xs" c="dimmed">
        {t('goods.goOn')}
      </Text>
    </Stack>
  );
}

function Outcome({ run }: { run: GoodsImport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const wrong = useQuery({ ...importWrongQuery(run.id), enabled: run.wrong > 0 });
  const figures = {
    created: format.number(run.created),
    updated: format.number(run.updated),
    unchanged: format.number(run.unchanged),
    wrong: format.number(run.wrong),
  };
  return (
    <Alert
      role="status"
      color={run.wrong > 0 ? 'yellow' : 'green'}
      variant="light"
      title={t(run.state === 'DONE' ? 'goods.did' : 'goods.wouldBe', figures)}
    >
      {run.ignored.length > 0 && (
        <Text size="sm">{t('goods.ignored', { columns: run.ignored.join(', ') })}</Text>
      )}
      <List size="sm">
        {(run.wrong > 0 ? (wrong.data ?? []) : []).map(({ line, sku, code, problem }) => (
          <List.Item key={line}>
            {t('goods.line', { line })} {sku}:{' '}
            {t(`problem.${code}`, { defaultValue: problem ?? code ?? '' })}
          </List.Item>
        ))}
      </List>
      {run.wrong > 0 && (
        <Button
          mt="xs"
          size="compact-sm"
          variant="default"
          component="a"
          href={`/api/v1/imports/${run.id}/errors.csv`}
          download
        >
          {t('goods.wrongFile')}
        </Button>
      )}
    </Alert>
  );
}
