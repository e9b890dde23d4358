// What happened to an order at the marketplace, newest first.
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OrderDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { StatusBadge } from '@/status/StatusBadge';

export function OrderHistory({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const events = [...(order.history ?? [])].sort((a, b) => b.at.localeCompare(a.at));
  if (events.length === 0) return null;
  return (
    <Paper p="md" component="section" aria-labelledby="history">
      <Title order={2} size="h4" mb="xs" id="history">
        {t('orders.history')}
      </Title>
      <Stack gap={6}>
        {events.map((event, index) => (
          <Group key={`${event.at} ${index}`} gap="xs">
            <Text size="sm" c="dimmed">
              {format.time(event.at)}
            </Text>
            {event.status && <StatusBadge kind="channel" state={event.status} />}
            <Text size="sm">
              {event.source && t(`source.${event.source}`, { defaultValue: event.source })}
              {event.detail ? ` · ${event.detail}` : ''}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
