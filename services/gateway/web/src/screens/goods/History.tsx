// What was changed, by whom, the newest first.
import { List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { historyQuery } from '@/api/goods';
import type { CatalogueKind, Supply } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { ProblemNote } from '@/parts/ProblemNote';
import { differences, FIELD_WORDS, shown } from './choices';

export function History({ kind, id }: { kind: CatalogueKind; id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const history = useQuery({ ...historyQuery(kind, id), enabled: open });
  const items = history.data ?? [];
  const say = (field: string, state: Record<string, unknown>) => {
    const value = state[field];
    if (field === 'supply' && value) return t(`supply.${value as Supply}`);
    if (field === 'cost_minor' && value !== undefined)
      return format.money({ amount: String(value), currency: String(state.currency) });
    if (typeof value === 'boolean') return value ? t('statusTable.yes') : '–';
    return shown(value);
  };
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('goods.history')}</summary>
      <ProblemNote error={history.error} />
      <List size="sm" mt="xs">
        {items.map(({ at, by, state }, index) => {
          const before = items[index + 1]?.state;
          return (
            <List.Item key={`${at} ${index}`}>
              {t('goods.historyBy', { at: format.time(at), by })}
              {(before ? differences(before, state, say) : []).map((one) => (
                <Text key={one.field} size="sm" c="dimmed">
                  {t('goods.was', {
                    ...one,
                    field: t(FIELD_WORDS[one.field] ?? '', { defaultValue: one.field }),
                  })}
                </Text>
              ))}
              {!before && (
                <Text size="sm" c="dimmed">
                  {t('goods.made')}
                </Text>
              )}
            </List.Item>
          );
        })}
      </List>
    </details>
  );
}
