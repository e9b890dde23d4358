// One product type: its name, its attributes, their values.
import { Button, CloseButton, Group, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { ProductType } from '@/api/types';
import { Dialog } from '@/parts/Dialog';
import { useCommand } from '@/parts/useCommand';
import { Foot } from './Foot';

interface Props {
  type?: ProductType;
  onClose: () => void;
}

interface Row {
  key: number;
  id?: string;
  name: string;
  values: string; // one on each line
  known: { id: string; name: string }[];
}

/** Values keep their number as long as they keep their name. */
const bodyOf = (row: Row) => ({
  ...(row.id ? { id: row.id } : {}),
  name: row.name.trim(),
  values: row.values
    .split('\n')
    .map((name) => name.trim())
    .filter(Boolean)
    .map((name) => row.known.find((value) => value.name === name) ?? { name }),
});

export function TypeDialog({ type, onClose }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(type?.name ?? '');
  const [needsDesign, setNeedsDesign] = useState(type?.needs_design ?? false);
  const [rows, setRows] = useState<Row[]>(
    (type?.attributes ?? []).map((attribute, key) => ({
      key,
      id: attribute.id,
      name: attribute.name,
      values: attribute.values.map((value) => value.name).join('\n'),
      known: attribute.values,
    })),
  );
  const change = (key: number, part: Partial<Row>) =>
    setRows((old) => old.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const save = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/product-types', {
          params: { header: command() },
          body: {
            ...(type ? { id: type.id } : {}),
            name: name.trim(),
            needs_design: needsDesign,
            attributes: rows.map(bodyOf),
          },
        }),
      ),
    forget: [['variants'], ['listings']],
    said: (saved) => t('goods.typeSaved', { name: saved.name }),
    done: onClose,
  });
  return (
    <Dialog
      wide
      title={type ? t('goods.editType', { name: type.name }) : t('goods.newType')}
      onClose={onClose}
    >
      <Stack gap="sm">
        <TextInput
          label={t('goods.typeName')}
          required
          maxLength={128}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Switch
          label={t('goods.needsDesign')}
          checked={needsDesign}
          onChange={(event) => setNeedsDesign(event.currentTarget.checked)}
        />
        {rows.map((row) => (
          <Group key={row.key} align="start" wrap="nowrap">
            <TextInput
              label={t('goods.attribute')}
              maxLength={64}
              value={row.name}
              onChange={(event) => change(row.key, { name: event.currentTarget.value })}
            />
            <Textarea
              label={t('goods.values')}
              description={t('goods.valuesText')}
              style={{ flexGrow: 1 }}
              rows={3}
              value={row.values}
              onChange={(event) => change(row.key, { values: event.currentTarget.value })}
            />
            <CloseButton
              aria-label={t('goods.removeAttribute', { name: row.name })}
              onClick={() => setRows((old) => old.filter(({ key }) => key !== row.key))}
            />
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            disabled={rows.length === 10}
            onClick={() =>
              setRows((old) => [
                ...old,
                {
                  key: Math.max(-1, ...old.map(({ key }) => key)) + 1,
                  name: '',
                  values: '',
                  known: [],
                },
              ])
            }
          >
            {t('goods.addAttribute')}
          </Button>
        </Group>
        <Foot
          kind="type"
          of={type}
          save={save}
          disabled={name.trim() === '' || rows.some((row) => row.name.trim() === '')}
          onClose={onClose}
        />
      </Stack>
    </Dialog>
  );
}
