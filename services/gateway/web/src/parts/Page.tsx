// The frame of a screen: its heading, what it is about, its actions; and the states of what it reads.
import { Group, Loader, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from './ProblemNote';

interface Props {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, about, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Sampan`;
  }, [title]);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={1} size="h2">
            {title}
          </Title>
          {about && (
            <Text c="dimmed" size="sm" mt={2} component="div">
              {about}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

interface Reading {
  isPending: boolean;
  error: unknown;
  refetch?: () => unknown;
  data?: unknown;
}

/** What to show while something is read, or when it could not be; null when the data is there. */
export function ReadingState({ query }: { query: Reading }) {
  const { t } = useTranslation();
  if (query.error)
    return <ProblemNote error={query.error} onRetry={() => void query.refetch?.()} />;
  if (!query.isPending) return null;
  return (
    <Group role="status" gap="sm" p="lg" justify="center">
      <Loader size="sm" />
      <Text size="sm" c="dimmed">
        {t('common.loading')}
      </Text>
    </Group>
  );
}
