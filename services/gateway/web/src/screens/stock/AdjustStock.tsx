// Corrects stock: a SKU and a difference on each line, one reason for all.
import { NativeSelect, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { Warehouse } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Ask } from '@/parts/Ask';
import { useCommand } from '@/parts/useCommand';
import { readLines } from './readLines';

export function AdjustStock({
  warehouses,
  onClose,
}: {
  warehouses: Warehouse[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [warehouse, setWarehouse] = useState(warehouses[0]?.id ?? '');
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const { lines, wrong } = readLines(text);
  const good = lines.length > 0 && wrong.length === 0 && reason.trim() !== '' && warehouse !== '';
  const adjust = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/stock/adjust', {
          params: { header: command() },
          body: {
            reason: reason.trim(),
            lines: lines.map((line) => ({ ...line, warehouse_id: warehouse })),
          },
        }),
      ),
    forget: [['stock'], ['orders']],
    said: () => t('stock.adjusted', { count: lines.length, shown: format.number(lines.length) }),
    done: onClose,
  });
  return (
    <Ask
      title={t('stock.adjust')}
      doIt={t('stock.adjustDo', { count: lines.length, shown: format.number(lines.length) })}
      disabled={!good}
      busy={adjust.isPending}
      error={adjust.error}
      onClose={onClose}
      onDo={() => adjust.mutate()}
    >
      <NativeSelect
        label={t('stock.warehouse')}
        value={warehouse}
        onChange={(event) => setWarehouse(event.currentTarget.value)}
        data={warehouses.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Textarea
        label={t('stock.lines')}
        description={t('stock.linesText')}
        placeholder={'MUG-RED 25\nMUG-BLUE -3'}
        autosize={false}
        rows={6}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={text}
        error={wrong.length > 0 ? t('stock.linesWrong', { lines: wrong.join(', ') }) : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <TextInput
        label={t('stock.reason')}
        description={t('stock.reasonText')}
        required
        maxLength={256}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Text size="xs" c="dimmed">
        {t('stock.kept')}
      </Text>
    </Ask>
  );
}
