// The newest things that the system wanted to tell.
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { noticesQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';

export function Notices() {
  const { t } = useTranslation();
  const format = useFormat();
  const notices = useQuery(noticesQuery);
  const items = notices.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Paper p="md">
      <Title order={2} size="h4" mb="xs">
        {t('home.notices')}
      </Title>
      <Stack gap="xs">
        {items.map(({ id, event, text, raised_at }) => (
          <Group key={id} justify="space-between" gap="xs" align="flex-start">
            <Text size="sm">
              <strong>{t(`notice.${event}`, { defaultValue: event })}</strong> {text}
            </Text>
            <Text size="xs" c="dimmed">
              {format.time(raised_at)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
