// The list as a workbook: written by a job, then downloaded.
import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { GoodsFilter } from '@/api/goods';
import { useFormat } from '@/format/useFormat';
import { Dialog } from '@/parts/Dialog';
import { ProblemNote } from '@/parts/ProblemNote';
import { whyText } from '@/status/why';

interface Props {
  filter: GoodsFilter;
  onClose: () => void;
}

export function WorkbookDialog({ filter, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const body = Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [name, String(value)]),
  );
  const begun = useQuery({
    queryKey: ['workbook', filter],
    queryFn: () => ask(api.POST('/api/v1/workbooks', { params: { header: command() }, body })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const id = begun.data?.id ?? '';
  const state = useQuery({
    queryKey: ['workbook', id],
    queryFn: () => ask(api.GET('/api/v1/workbooks/{id}', { params: { path: { id } } })),
    enabled: id !== '',
    refetchInterval: ({ state: seen }) => (seen.data?.state === 'WRITING' ? 700 : false),
  });
  const book = state.data;
  return (
    <Dialog title={t('goods.exportXlsx')} onClose={onClose}>
      <Stack>
        <ProblemNote error={begun.error ?? state.error} />
        {book?.state === 'REFUSED' && <Text>{whyText(book.problem, t)}</Text>}
        {!begun.error && !(book && book.state !== 'WRITING') && (
          <Group role="status">
            <Loader size="sm" />
            <Text size="sm">{t('goods.writing')}</Text>
          </Group>
        )}
        {book?.state === 'DONE' && (
          <Text size="sm">{t('goods.written', { shown: format.number(book.lines) })}</Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.close')}
          </Button>
          {book?.state === 'DONE' && (
            <Button component="a" href={`/api/v1/workbooks/${id}/goods.xlsx`} download>
              {t('goods.download')}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
