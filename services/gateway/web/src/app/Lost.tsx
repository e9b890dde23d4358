// An address that leads nowhere, and a screen that broke.
import { Button, Stack } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '@/parts/Empty';
import { LinkButton } from '@/parts/links';
import { ProblemNote } from '@/parts/ProblemNote';

export function Lost() {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<IconMapOff aria-hidden />}
      title={t('common.lost')}
      text={t('common.lostText')}
      action={<LinkButton to="/">{t('nav.home')}</LinkButton>}
    />
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
