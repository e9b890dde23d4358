// A new warehouse.
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { Warehouse } from '@/api/types';
import { Ask } from '@/parts/Ask';
import { useCommand } from '@/parts/useCommand';

const KINDS: Warehouse['kind'][] = ['OWN', 'CLOUD_STOCKING', 'CLOUD_CONSOLIDATION'];
const FIRST_PRIORITY = 1;

export function AddWarehouse({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Warehouse['kind']>('OWN');
  const add = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/warehouses', {
          params: { header: command() },
          body: { name: name.trim(), kind, priority: FIRST_PRIORITY },
        }),
      ),
    forget: [['warehouses']],
    said: () => t('stock.warehouseAdded', { name }),
    done: onClose,
  });
  return (
    <Ask
      title={t('stock.addWarehouse')}
      doIt={t('common.save')}
      disabled={name.trim() === ''}
      busy={add.isPending}
      error={add.error}
      onClose={onClose}
      onDo={() => add.mutate()}
    >
      <TextInput
        label={t('stock.warehouseName')}
        required
        maxLength={120}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('stock.warehouseKind')}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as Warehouse['kind'])}
        data={KINDS.map((value) => ({ value, label: t(`warehouseKind.${value}`) }))}
      />
    </Ask>
  );
}
