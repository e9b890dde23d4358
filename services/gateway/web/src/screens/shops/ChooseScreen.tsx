// Back from the marketplace: which shops, from which warehouse, with how much history.
import { Alert, Button, Group, Loader, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { connectQuery, warehousesQuery } from '@/api/queries';
import type { ConnectConfirm, ConnectState, GrantedShop } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { LinkButton } from '@/parts/links';
import { Page, ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { whyText } from '@/status/why';
import { AddWarehouse } from '../stock/AddWarehouse';
import { type Choice, ChoiceCard } from './ChoiceCard';
import { FIRST_HISTORY, historyOf, isHistory } from './HistoryFields';
import { useDecline } from './useDecline';

const WAITING_MS = 1000;

export function ChooseScreen() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/shops/connect/$id' });
  const connect = useQuery({
    ...connectQuery(id),
    refetchInterval: ({ state }) => (state.data?.state === 'WAITING' ? WAITING_MS : false),
  });
  return (
    <Page title={t('connect.title')} about={t('connect.chooseAbout')}>
      <ReadingState query={connect} />
      {connect.data && <Step id={id} connect={connect.data} />}
    </Page>
  );
}

function Step({ id, connect }: { id: string; connect: ConnectState }) {
  const { t } = useTranslation();
  const again = (
    <LinkButton to="/shops/connect" variant="default">
      {t('connect.again')}
    </LinkButton>
  );
  if (connect.state === 'CHOOSING') return <Choosing id={id} shops={connect.shops} />;
  if (connect.state === 'WAITING')
    return (
      <Paper p="lg" role="status">
        <Group>
          <Loader size="sm" />
          <Text>{t('connect.waiting')}</Text>
        </Group>
        <Text size="sm" c="dimmed" mt="xs">
          {t('connect.waitingText')}
        </Text>
      </Paper>
    );
  if (connect.state === 'DONE')
    return (
      <Alert color="green" variant="light" title={t('connect.done')}>
        <LinkButton to="/shops">{t('connect.toShops')}</LinkButton>
      </Alert>
    );
  const failed = connect.state === 'FAILED';
  return (
    <Alert
      color={failed ? 'red' : 'gray'}
      variant="light"
      role="alert"
      title={t(failed ? 'connect.failed' : 'connect.declined')}
    >
      <Stack align="flex-start" gap="xs">
        {connect.problem && <Text size="sm">{whyText(connect.problem, t)}</Text>}
        {again}
      </Stack>
    </Alert>
  );
}

function Choosing({ id, shops }: { id: string; shops: GrantedShop[] }) {
  const { t } = useTranslation();
  const { timeZone } = useFormat();
  const navigate = useNavigate();
  const warehouses = useQuery(warehousesQuery);
  const [choices, setChoices] = useState<Record<string, Choice>>({});
  const [adding, setAdding] = useState(false);
  const leave = () => void navigate({ to: '/shops', search: {} });
  const confirm = useCommand({
    run: (body: ConnectConfirm) =>
      ask(
        api.POST('/api/v1/shops/connect/{id}/confirm', {
          params: { path: { id }, header: command() },
          body,
        }),
      ),
    forget: [['shops'], ['connect']],
    said: () => t('connect.done'),
    done: leave,
  });
  const decline = useDecline(id, leave);
  const firstWarehouse = warehouses.data?.[0]?.id ?? null;
  const choiceOf = (shop: GrantedShop): Choice =>
    choices[shop.channel_shop_id] ?? {
      chosen: !shop.problem && !shop.linked_elsewhere,
      alias: '',
      warehouse: null,
      ...FIRST_HISTORY,
    };
  const chosen = shops.filter((shop) => choiceOf(shop).chosen);
  const send = () => {
    const list = chosen.map((shop) => {
      const choice = choiceOf(shop);
      const alias = choice.alias.trim();
      if (shop.alias)
        return {
          channel_shop_id: shop.channel_shop_id,
          warehouse_id: null,
          history: { kind: 'none' as const },
        };
      return {
        channel_shop_id: shop.channel_shop_id,
        ...(alias ? { alias } : {}),
        warehouse_id: choice.warehouse ?? firstWarehouse,
        history: historyOf(choice, timeZone),
      };
    });
    confirm.mutate({ shops: list });
  };
  return (
    <Stack maw={720}>
      {warehouses.data?.length === 0 && (
        <Alert color="yellow" variant="light" title={t('connect.noWarehouse')}>
          <Button size="xs" onClick={() => setAdding(true)}>
            {t('stock.addWarehouse')}
          </Button>
        </Alert>
      )}
      {shops.map((shop) => (
        <ChoiceCard
          key={shop.channel_shop_id}
          shop={shop}
          choice={choiceOf(shop)}
          warehouses={warehouses.data ?? []}
          onChange={(choice) => setChoices((old) => ({ ...old, [shop.channel_shop_id]: choice }))}
        />
      ))}
      <Text size="sm" c="dimmed">
        {t('connect.nothingYet')}
      </Text>
      <ProblemNote error={confirm.error ?? decline.error} />
      <Group justify="flex-end">
        <Button variant="default" loading={decline.isPending} onClick={() => decline.mutate()}>
          {t('connect.decline')}
        </Button>
        <Button
          disabled={chosen.length === 0 || !chosen.every((shop) => isHistory(choiceOf(shop)))}
          loading={confirm.isPending}
          onClick={send}
        >
          {t('connect.confirm', { count: chosen.length })}
        </Button>
      </Group>
      {adding && <AddWarehouse onClose={() => setAdding(false)} />}
    </Stack>
  );
}
