// What happened to an order, newest first: at the marketplace, here, and by hand.  Each moment can be gone back to.
import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OrderDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { LinkAnchor } from '@/parts/links';
import { Section } from '@/parts/Section';
import { StatusBadge } from '@/status/StatusBadge';

export function OrderHistory({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const events = [...(order.history ?? [])].reverse();
  const newest = events.findIndex((event) => event.accepted_at);
  if (events.length === 0) return null;
  return (
    <Section id="history" title={t('orders.history')}>
      <Stack gap={6}>
        {events.map((event, index) => (
          <Group key={`${event.at} ${index}`} gap="xs">
            <Text size="sm" c="dimmed">
              {format.time(event.at)}
            </Text>
            {event.status && <StatusBadge kind="channel" state={event.status} />}
            {event.stage && <StatusBadge kind="stage" state={event.stage} />}
            <Text size="sm">
              {event.user && `${event.user} `}
              {event.mark
                ? t(`mark.${event.mark}`, { defaultValue: event.mark })
                : event.source && t(`source.${event.source}`, { defaultValue: event.source })}
              {event.detail
                ? ` · ${t(`cause.${event.detail}`, { defaultValue: event.detail })}`
                : ''}
            </Text>
            {event.accepted_at && index > newest && (
              <LinkAnchor
                to="/orders/$id"
                params={{ id: order.id }}
                search={{ at: justAfter(event.accepted_at) }}
                size="sm"
              >
                {t('orders.asItWas')}
              </LinkAnchor>
            )}
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

/** Times are told in whole seconds: what happened within one is shown when it is over. */
function justAfter(at: string): string {
  return new Date(Date.parse(at) + 999).toISOString();
}
