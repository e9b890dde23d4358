// An address that leads nowhere, and a screen that broke.
import { Button, Group, Stack } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '@/parts/links';
import { Page } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';

export function Lost() {
  const { t } = useTranslation();
  return (
    <Page title={t('common.lost')} about={t('common.lostText')}>
      <Group>
        <LinkButton to="/">{t('nav.home')}</LinkButton>
      </Group>
    </Page>
  );
}

export function Wrong({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <Stack p="md" align="flex-start">
      <ProblemNote error={error} title={t('common.broken')} />
      <Button onClick={() => location.reload()}>{t('common.reload')}</Button>
    </Stack>
  );
}
