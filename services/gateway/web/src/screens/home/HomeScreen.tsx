// What to do next, and how things stand.
import { SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { meQuery, orderCountsQuery } from '@/api/queries';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { GROUP_STAGES, GROUPS } from '@/status/tones';
import { Attention } from './Attention';
import { Checklist } from './Checklist';
import { Figure } from './Figure';
import { Notices } from './Notices';

const REFRESH_MS = 30_000;

export function HomeScreen() {
  const { t } = useTranslation();
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  const counts = useQuery({ ...orderCountsQuery(), refetchInterval: REFRESH_MS });
  const ofGroup = (group: (typeof GROUPS)[number]) =>
    GROUP_STAGES[group].reduce((sum, stage) => sum + (counts.data?.by_stage[stage] ?? 0), 0);
  return (
    <Page title={me?.account.name ?? t('nav.home')} about={<AsOf at={counts.dataUpdatedAt} />}>
      <Checklist />
      <Attention />
      {counts.data ? (
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm">
          <Figure to="/orders" label={t('home.allOrders')} value={counts.data.total} />
          {GROUPS.map((group) => (
            <Figure
              key={group}
              to="/orders"
              search={{ group }}
              label={t(`group.${group}`)}
              value={ofGroup(group)}
            />
          ))}
        </SimpleGrid>
      ) : (
        <ReadingState query={counts} />
      )}
      <Stack>
        <Notices />
      </Stack>
    </Page>
  );
}
