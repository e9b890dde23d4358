// Who changed the status table, when, and how.
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { statusHistoryQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';
import { statusText } from '@/status/words';
import { ruleWord } from './statuses';

export function StatusChanges() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery(statusHistoryQuery);
  if (!data || data.items.length === 0) return null;
  return (
    <details>
      <summary>{t('statusTable.history')}</summary>
      {data.items.map(({ at, user, rules }) => (
        <Text key={at} size="sm" mt={4}>
          {format.time(at)} · {user} ·{' '}
          {rules
            .map((rule) => `${ruleWord(rule, t)}: ${statusText('hub', rule.to.hub_status, t)}`)
            .join('; ')}
        </Text>
      ))}
    </details>
  );
}
