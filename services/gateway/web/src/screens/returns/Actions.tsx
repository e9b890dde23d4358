// What people asked of the marketplace, and what it said.
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OrderAction } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { StatusBadge } from '@/status/StatusBadge';

interface Props {
  actions: OrderAction[];
  /** What the marketplace calls its reasons, when that is known. */
  refusals?: { name: string; text: string }[];
}

export function Actions({ actions, refusals = [] }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  if (actions.length === 0) return null;
  return (
    <Paper p="md" component="section" aria-labelledby="actions">
      <Title order={2} size="h4" mb="xs" id="actions">
        {t('returns.actions')}
      </Title>
      <Stack gap={6}>
        {actions.map(({ id, kind, state, user, requested_at, reason, problem }) => (
          <Group key={id} gap="xs">
            <Text size="sm" c="dimmed">
              {format.time(requested_at)}
            </Text>
            <StatusBadge kind="action" state={state} />
            <Text size="sm">
              {[
                t(`actionKind.${kind}`),
                user,
                refusals.find(({ name }) => name === reason)?.text ?? reason,
                problem,
              ]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
