// How the link of a listing SKU changed: who, when, from what to what.
import { List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { mappingHistoryQuery } from '@/api/queries';
import type { MappingPart } from '@/api/types';
import { useFormat } from '@/format/useFormat';

export function LinkHistory({ of }: { of: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery(mappingHistoryQuery(of));
  if (!data || data.length === 0) return null;
  const words = (parts: MappingPart[]) =>
    parts.map((part) => `${part.pieces} × ${part.sku ?? part.variant_id}`).join(' + ') ||
    t('match.nothingBefore');
  return (
    <div>
      <Text size="sm" fw={600}>
        {t('match.history')}
      </Text>
      <List size="sm">
        {data.map(({ at, user, before, after }) => (
          <List.Item key={`${at} ${words(after)}`}>
            {format.time(at)} · {user}: {words(before)} → {words(after)}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
