// What people asked of the marketplace, and what it said.
import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LineUnits, OrderAction } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Section } from '@/parts/Section';
import { StatusBadge } from '@/status/StatusBadge';
import { whyText } from '@/status/why';
import { cancelReasonText } from '../orders/cancel';

interface Props {
  actions: OrderAction[];
  /** What the marketplace calls its reasons, when that is known. */
  refusals?: { name: string; text: string }[];
}

/** "2 × 1, 1 × 5": units of which line. */
const linesText = (lines: LineUnits[]): string =>
  lines.map(({ line, units }) => `${units} × ${line}`).join(', ');

export function Actions({ actions, refusals = [] }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  if (actions.length === 0) return null;
  return (
    <Section id="actions" title={t('returns.actions')}>
      <Stack gap={6}>
        {actions.map(({ id, kind, state, user, requested_at, reason, problem, lines }) => (
          <Group key={id} gap="xs">
            <Text size="sm" c="dimmed">
              {format.time(requested_at)}
            </Text>
            <StatusBadge kind="action" state={state} />
            <Text size="sm">
              {[
                lines
                  ? t('cancelOrder.lines', { lines: linesText(lines) })
                  : t(`actionKind.${kind}`),
                user,
                refusals.find(({ name }) => name === reason)?.text ??
                  cancelReasonText(reason ?? '', t),
                whyText(problem, t),
              ]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}
