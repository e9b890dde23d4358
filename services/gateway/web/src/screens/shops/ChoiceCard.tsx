// What is chosen for one shop of the grant.  One that is, or was, connected keeps its settings.
import { Checkbox, Group, NativeSelect, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { GrantedShop, Warehouse } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { whyText } from '@/status/why';
import { type HistoryChoice, HistoryFields } from './HistoryFields';

export interface Choice extends HistoryChoice {
  chosen: boolean;
  alias: string;
  warehouse: string | null;
}

const KINDS = ['days', 'range', 'none'] as const;

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
              <strong>{shop.alias ?? shop.name}</strong> · {format.region(shop.region)} ·{' '}
              {shop.channel_shop_id}
            </span>
          }
        />
        {shop.linked_elsewhere && <Text size="sm">{t('problem.SHOP_LINKED_ELSEWHERE')}</Text>}
        {shop.problem && (
          <Text size="sm">
            {t('connect.unusable')} {whyText(shop.problem, t)}
          </Text>
        )}
        {shop.alias && !closed && (
          <Text size="sm">{t(shop.linked ? 'connect.linked' : 'connect.revived')}</Text>
        )}
        {choice.chosen && !shop.alias && (
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
            <HistoryFields choice={choice} kinds={KINDS} onChange={set} />
            <Text size="xs" c="dimmed">
              {t('connect.historyText')}
            </Text>
          </>
        )}
      </Stack>
    </Paper>
  );
}
