// An address that leads nowhere, and a screen that broke.
import { Button, Group, Stack } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, asProblem } from '@/api/problem';
import { LinkButton } from '@/parts/links';
import { Page } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { useLiveState } from './live';

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

/** A part of the dashboard could not be fetched: the server is away, or has another version by now. */
const isUnfetched = (words: string) =>
  /dynamically imported module|preload CSS|Importing a module/i.test(words);

export function Wrong({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const words = asProblem(error).detail;
  const unfetched = isUnfetched(words);
  const live = useLiveState();
  const [wasAway, setWasAway] = useState(live === 'away');
  if (live === 'away' && !wasAway) setWasAway(true);
  const isBack = unfetched && wasAway && live === 'live';
  useEffect(() => {
    if (isBack) location.reload();
  }, [isBack]);
  return (
    <Stack align="flex-start">
      <ProblemNote
        error={unfetched ? new ApiError(0, { detail: words }) : error}
        title={unfetched ? undefined : t('common.broken')}
      />
      <Button onClick={() => location.reload()}>{t('common.reload')}</Button>
    </Stack>
  );
}
