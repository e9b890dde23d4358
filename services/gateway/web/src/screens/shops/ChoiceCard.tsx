// What is chosen for one shop of the grant.
import { Checkbox, Group, NativeSelect, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ConnectConfirm, GrantedShop, Warehouse } from '@/api/types';
import { dayOf, dayStart } from '@/format/time';
import { useFormat } from '@/format/useFormat';

export interface Choice {
  chosen: boolean;
  alias: string;
  warehouse: string | null;
  kind: 'none' | 'days' | 'range';
  days: string;
  from: string;
  until: string;
}

const KINDS = ['days', 'range', 'none'] as const;
const MOST_DAYS = 3650;
const DEFAULT_DAYS = 60;

export function historyOf(
  choice: Choice,
  timeZone: string,
): ConnectConfirm['shops'][number]['history'] {
  if (choice.kind === 'none') return { kind: 'none' };
  const from = dayStart(choice.from, timeZone);
  if (choice.kind === 'range' && from !== null) {
    const last = choice.until || dayOf(Date.now(), timeZone);
    const until = dayStart(dayOf(Date.parse(`${last}T12:00:00Z`), 'UTC', 1), timeZone);
    return { kind: 'range', from, until: until ?? new Date().toISOString() };
  }
  const days = Number.parseInt(choice.days, 10);
  return { kind: 'days', days: Math.min(Math.max(days || DEFAULT_DAYS, 1), MOST_DAYS) };
}

interface Props {
  shop: GrantedShop;
  choice: Choice;
  warehouses: Warehouse[];
  onChange: (choice: Choice) => void;
}

export function ChoiceCard({ shop, choice, warehouses, onChange }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const set = (part: Partial<Choice>) => onChange({ ...choice, ...part });
  const closed = Boolean(shop.problem) || Boolean(shop.linked_elsewhere);
  return (
    <Paper p="md">
      <Stack gap="sm">
        <Checkbox
          size="md"
          disabled={closed}
          checked={choice.chosen}
          onChange={(event) => set({ chosen: event.currentTarget.checked })}
          label={
            <span>
              <strong>{shop.name}</strong> · {format.region(shop.region)} · {shop.channel_shop_id}
            </span>
          }
        />
        {shop.linked_elsewhere && <Text size="sm">{t('problem.SHOP_LINKED_ELSEWHERE')}</Text>}
        {shop.problem && (
          <Text size="sm">
            {t('connect.unusable')} {shop.problem}
          </Text>
        )}
        {shop.linked && <Text size="sm">{t('connect.linked')}</Text>}
        {choice.chosen && (
          <>
            <Group grow align="flex-end">
              <TextInput
                label={t('connect.alias')}
                placeholder={shop.name}
                maxLength={120}
                value={choice.alias}
                onChange={(event) => set({ alias: event.currentTarget.value })}
              />
              <NativeSelect
                label={t('connect.warehouse')}
                value={choice.warehouse ?? warehouses[0]?.id ?? ''}
                onChange={(event) => set({ warehouse: event.currentTarget.value })}
                data={warehouses.map(({ id, name }) => ({ value: id, label: name }))}
              />
            </Group>
            <Group grow align="flex-end">
              <NativeSelect
                label={t('connect.history')}
                value={choice.kind}
                onChange={(event) => set({ kind: event.currentTarget.value as Choice['kind'] })}
                data={KINDS.map((value) => ({ value, label: t(`connect.historyKind.${value}`) }))}
              />
              {choice.kind === 'days' && (
                <TextInput
                  type="number"
                  min={1}
                  max={MOST_DAYS}
                  label={t('connect.days')}
                  value={choice.days}
                  onChange={(event) => set({ days: event.currentTarget.value })}
                />
              )}
            </Group>
            {choice.kind === 'range' && (
              <Group grow>
                <TextInput
                  type="date"
                  label={t('load.from')}
                  required
                  value={choice.from}
                  onChange={(event) => set({ from: event.currentTarget.value })}
                />
                <TextInput
                  type="date"
                  label={t('load.until')}
                  value={choice.until}
                  onChange={(event) => set({ until: event.currentTarget.value })}
                />
              </Group>
            )}
            <Text size="xs" c="dimmed">
              {t('connect.historyText')}
            </Text>
          </>
        )}
      </Stack>
    </Paper>
  );
}
