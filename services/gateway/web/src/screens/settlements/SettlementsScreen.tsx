// What TikTok Shop paid out beside what the orders let expect, for the days that are chosen.
import { Button, Group, Paper, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { SettlementSearch } from '@/app/router';
import { useFormat } from '@/format/useFormat';
import { Page } from '@/parts/Page';
import { periodOf, usualDays } from './period';
import { Report } from './Report';
import { SettlementList } from './SettlementList';

export function SettlementsScreen() {
  const { t } = useTranslation();
  const { timeZone } = useFormat();
  const search = useSearch({ from: '/settlements' });
  const usual = usualDays(Date.now(), timeZone);
  const days = { first: search.first ?? usual.first, last: search.last ?? usual.last };
  const period = periodOf(days, timeZone);
  return (
    <Page title={t('nav.settlements')} about={t('settlements.about')}>
      <Period first={days.first} last={days.last} good={period !== null} />
      {period && <Report period={period} shop={search.shop} />}
      {period && <SettlementList period={period} state={search.state} shop={search.shop} />}
    </Page>
  );
}

function Period({ first, last, good }: { first: string; last: string; good: boolean }) {
  const { t } = useTranslation();
  const { timeZone } = useFormat();
  const search = useSearch({ from: '/settlements' });
  const navigate = useNavigate({ from: '/settlements' });
  const set = (change: SettlementSearch) => navigate({ search: { ...search, ...change } });
  const period = periodOf({ first, last }, timeZone);
  const query = new URLSearchParams({
    ...(period ?? {}),
    ...(search.shop ? { shop: search.shop } : {}),
  });
  return (
    <Paper p="md">
      <Group align="flex-end">
        <TextInput
          type="date"
          label={t('load.from')}
          value={first}
          onChange={(event) => void set({ first: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('load.until')}
          value={last}
          error={good ? undefined : t('load.bad')}
          onChange={(event) => void set({ last: event.currentTarget.value })}
        />
        {good && (
          <Button
            component="a"
            variant="default"
            href={`/api/v1/settlements.csv?${query}`}
            download
          >
            {t('settlements.file')}
          </Button>
        )}
      </Group>
    </Paper>
  );
}
