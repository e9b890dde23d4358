// Links being made, and the orders that follow them; what failed is listed with its reason.
import { Alert, Button, Group, List, Progress, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { mappingJobQuery, mappingProgressQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';
import { ReadingState } from '@/parts/Page';

const BUSY_MS = 500;
const CHANGED = ['listings', 'orders', 'order', 'runs'];

export function JobProgress({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const job = useQuery({
    ...mappingJobQuery(id),
    refetchInterval: ({ state }) => (state.data?.state === 'DONE' ? false : BUSY_MS),
  });
  const linked = job.data?.state === 'DONE';
  const orders = useQuery({
    ...mappingProgressQuery,
    enabled: linked,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.running === false ? false : BUSY_MS),
  });
  const over = linked && orders.data?.running === false;
  useEffect(() => {
    if (over) for (const key of CHANGED) void queries.invalidateQueries({ queryKey: [key] });
  }, [over, queries]);
  if (!job.data) return <ReadingState query={job} />;
  const { done, total, failed, items } = job.data;
  return (
    <Stack>
      <Bar words="match.done" done={done - failed} total={total} />
      {orders.data && orders.data.total > 0 && (
        <Bar words="match.following" done={orders.data.done} total={orders.data.total} />
      )}
      {failed > 0 && (
        <Alert color="yellow" variant="light">
          <List size="sm">
            {items
              .filter(({ result }) => result === 'FAILED')
              .map(({ sku_id, reason }) => (
                <List.Item key={sku_id}>
                  {t('match.failed', {
                    sku: sku_id,
                    reason: t(`problem.${reason}`, { defaultValue: reason ?? '' }),
                  })}
                </List.Item>
              ))}
          </List>
        </Alert>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('common.close')}</Button>
      </Group>
    </Stack>
  );
}

interface BarProps {
  words: 'match.done' | 'match.following';
  done: number;
  total: number;
}

function Bar({ words, done, total }: BarProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const text = t(words, { done: format.number(done), total: format.number(total) });
  return (
    <div>
      <Text size="sm" role="status" mb={4}>
        {text}
      </Text>
      <Progress value={(100 * done) / total} aria-label={text} />
    </div>
  );
}
