// What waits for a person: each number leads to exactly that list.
import { SimpleGrid, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { orderCountsQuery, returnCountsQuery, shopsQuery, systemQuery } from '@/api/queries';
import { useMay } from '@/parts/useMay';
import { isMendedByConsent, troubleOf } from '../shops/standing';
import { Figure } from './Figure';

export function Attention() {
  const { t } = useTranslation();
  const maySystem = useMay('system.read');
  const counts = useQuery(orderCountsQuery());
  const returns = useQuery(returnCountsQuery());
  const shops = useQuery(shopsQuery);
  const system = useQuery({ ...systemQuery, enabled: maySystem });
  const stage = (name: string) => counts.data?.by_stage[name] ?? 0;
  const troubles = shops.data?.map((shop) => troubleOf(shop, shops.dataUpdatedAt)) ?? [];
  const expiring = troubles.filter((trouble) => trouble && isMendedByConsent(trouble)).length;
  const behind = troubles.filter(
    (trouble) => trouble === 'PULL_FAILS' || trouble === 'BEHIND',
  ).length;
  const services = system.data?.services ?? [];
  const down = services.filter(({ ready }) => !ready).length;
  const dead = services.reduce((sum, service) => sum + (service.dead_letters ?? 0), 0);
  const cards = [
    {
      key: 'unsync',
      to: '/orders',
      search: { stage: 'UNSYNC', group: 'drafts' },
      value: stage('UNSYNC'),
      tone: 'bad',
    },
    {
      key: 'notReady',
      to: '/orders',
      search: { stage: 'NOT_READY', group: 'drafts' },
      value: stage('NOT_READY'),
      tone: 'warn',
    },
    {
      key: 'cancelling',
      to: '/orders',
      search: { stage: 'CANCELLING', group: 'ended' },
      value: stage('CANCELLING'),
      tone: 'warn',
    },
    {
      key: 'toAnswer',
      to: '/returns',
      search: { group: 'to-answer' },
      value: returns.data?.by_state.TO_ANSWER ?? 0,
      tone: (returns.data?.late ?? 0) > 0 ? 'bad' : 'warn',
    },
    { key: 'reconnect', to: '/shops', search: {}, value: expiring, tone: 'bad' },
    { key: 'behind', to: '/shops', search: {}, value: behind, tone: 'bad' },
    { key: 'down', to: '/system', search: {}, value: down, tone: 'bad' },
    { key: 'dead', to: '/system', search: {}, value: dead, tone: 'bad' },
  ] as const;
  const open = cards.filter(({ value }) => value > 0);
  if (open.length === 0) return null;
  return (
    <section aria-labelledby="attention">
      <Title order={2} size="h4" mb="xs" id="attention">
        {t('home.attention')}
      </Title>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm">
        {open.map(({ key, to, search, value, tone }) => (
          <Figure
            key={key}
            to={to}
            search={search}
            label={t(`home.${key}`)}
            value={value}
            tone={tone}
          />
        ))}
      </SimpleGrid>
    </section>
  );
}
