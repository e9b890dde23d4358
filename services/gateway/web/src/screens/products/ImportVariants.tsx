// Our goods from a CSV file; lines with a mistake are listed, the others are taken.
import { Alert, Button, Code, FileButton, Group, List, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { useFormat } from '@/format/useFormat';
import { Dialog } from '@/parts/Dialog';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';

const SHOWN = 50;
const EXAMPLE = 'sku,name,cost_minor,currency,supply\nMUG-RED,Red mug,1290,USD,STOCKED';

export function ImportVariants({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [file, setFile] = useState<File | null>(null);
  const load = useCommand({
    run: async (chosen: File) =>
      ask(
        api.POST('/api/v1/variants/import', {
          params: { header: command() },
          body: await chosen.text(),
          bodySerializer: (body) => body,
          headers: { 'Content-Type': 'text/csv' },
        }),
      ),
    forget: [['variants'], ['listings']],
  });
  const result = load.data;
  return (
    <Dialog wide title={t('products.import')} onClose={onClose}>
      <Stack>
        <Text size="sm">{t('products.importText')}</Text>
        <Code block>{EXAMPLE}</Code>
        <Group>
          <FileButton
            accept=".csv,text/csv"
            onChange={(chosen) => {
              setFile(chosen);
              load.reset();
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
        <ProblemNote error={load.error} />
        {result && (
          <Alert
            role="status"
            color={result.errors.length > 0 ? 'yellow' : 'green'}
            variant="light"
            title={t('products.imported', {
              created: format.number(result.created),
              updated: format.number(result.updated),
              errors: format.number(result.errors.length),
            })}
          >
            <List size="sm">
              {result.errors.slice(0, SHOWN).map(({ line, problem }) => (
                <List.Item key={`${line} ${problem}`}>
                  {t('products.lineWrong', { line, problem })}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.close')}
          </Button>
          <Button
            disabled={!file || load.isSuccess}
            loading={load.isPending}
            onClick={() => file && load.mutate(file)}
          >
            {t('products.import')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
