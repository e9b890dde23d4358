// Orders made by hand from a CSV file: what would come of each is shown before it is done.
import { Alert, Button, FileButton, Group, List, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { OrderImport } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Dialog } from '@/parts/Dialog';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { ToneBadge } from '@/status/StatusBadge';
import { TONES } from '@/status/tones';
import { statusText } from '@/status/words';

const COLUMNS =
  'reference, currency, sku, units, product, price, cod, shipping, note, customer, phone, address';
const SHOWN = 100;

export function ImportOrders({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const send = (check: boolean) => (chosen: File) =>
    ask(
      api.POST('/api/v1/orders/import', {
        params: { header: command(), query: { check } },
        body: '',
        bodySerializer: () => chosen,
        headers: { 'Content-Type': 'text/csv' },
      }),
    );
  const look = useCommand({ run: send(true) });
  const doIt = useCommand({ run: send(false), forget: [['orders'], ['order'], ['buyers']] });
  const seen = doIt.data ?? look.data;
  const wanted = countOf(look.data, 'CREATED') + countOf(look.data, 'CHANGED');
  return (
    <Dialog wide title={t('manual.import')} onClose={onClose}>
      <Stack>
        <Text size="sm">{t('manual.importText', { columns: COLUMNS })}</Text>
        <Group>
          <FileButton
            accept=".csv,text/csv"
            onChange={(chosen) => {
              setFile(chosen);
              look.reset();
              doIt.reset();
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
        <ProblemNote error={doIt.error ?? look.error} />
        {seen && <Outcome seen={seen} done={Boolean(doIt.data)} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.close')}
          </Button>
          {!look.data && (
            <Button
              disabled={!file}
              loading={look.isPending}
              onClick={() => file && look.mutate(file)}
            >
              {t('goods.check')}
            </Button>
          )}
          {look.data && !doIt.data && (
            <Button
              disabled={wanted === 0}
              loading={doIt.isPending}
              onClick={() => file && doIt.mutate(file)}
            >
              {t('manual.importDo', { count: wanted })}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

const countOf = (seen: OrderImport | undefined, result: string): number =>
  seen?.items.filter((item) => item.result === result).length ?? 0;

function Outcome({ seen, done }: { seen: OrderImport; done: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const results = Object.keys(TONES.manual).filter((result) => countOf(seen, result) > 0);
  const wrong = seen.items.filter(({ code }) => code);
  return (
    <Alert
      role="status"
      color={wrong.length > 0 ? 'yellow' : 'green'}
      variant="light"
      title={t(done ? 'manual.did' : 'manual.would')}
    >
      <Group gap="xs">
        {results.map((result) => (
          <ToneBadge
            key={result}
            tone={TONES.manual[result] ?? 'info'}
            text={`${statusText('manual', result, t)} ${format.number(countOf(seen, result))}`}
          />
        ))}
      </Group>
      <List size="sm">
        {wrong.slice(0, SHOWN).map(({ line, reference, code }) => (
          <List.Item key={line}>
            {t('goods.line', { line })} {reference}:{' '}
            {t([`refusal.${code}`, `problem.${code}`], { defaultValue: code })}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
