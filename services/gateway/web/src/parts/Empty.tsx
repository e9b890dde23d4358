// Why a list is empty, and the one next step.
import { Paper, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  text?: string;
  action?: ReactNode;
  icon?: ReactNode;
}

export function Empty({ title, text, action, icon }: Props) {
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="xs" ta="center">
        <ThemeIcon variant="light" size="xl" radius="xl">
          {icon ?? <IconInbox aria-hidden />}
        </ThemeIcon>
        <Text fw={600} component="h2" m={0}>
          {title}
        </Text>
        {text && (
          <Text size="sm" c="dimmed" maw={460}>
            {text}
          </Text>
        )}
        {action}
      </Stack>
    </Paper>
  );
}
