// Loads the orders of a range of days by hand, and leads to the result of each.
import { Group, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { Shop } from '@/api/types';
import { dayOf, dayStart } from '@/format/time';
import { useFormat } from '@/format/useFormat';
import { Ask } from '@/parts/Ask';
import { useCommand } from '@/parts/useCommand';

const DEFAULT_DAYS = 7;

export function LoadOrders({ shop, onClose }: { shop: Shop; onClose: () => void }) {
  const { t } = useTranslation();
  const { timeZone } = useFormat();
  const navigate = useNavigate();
  const today = dayOf(Date.now(), timeZone);
  const [first, setFirst] = useState(dayOf(Date.now(), timeZone, -DEFAULT_DAYS));
  const [last, setLast] = useState(today);
  const from = dayStart(first, timeZone);
  // The last day is meant whole: up to the beginning of the day behind it.
  const until = dayStart(dayOf(Date.parse(`${last}T12:00:00Z`), 'UTC', 1), timeZone);
  const good = from !== null && until !== null && from < until;
  const load = useCommand({
    run: (range: { from: string; until: string }) =>
      ask(
        api.POST('/api/v1/shops/{id}/load', {
          params: { path: { id: shop.id }, header: command() },
          body: range,
        }),
      ),
    forget: [['runs'], ['shops']],
    said: () => t('load.begun'),
    done: ({ run_id }) => {
      onClose();
      void navigate({ to: '/shops/$id', params: { id: shop.id }, search: { run: run_id } });
    },
  });
  return (
    <Ask
      title={t('load.title', { alias: shop.alias })}
      doIt={t('load.do')}
      disabled={!good}
      busy={load.isPending}
      error={load.error}
      onClose={onClose}
      onDo={() => good && load.mutate({ from, until })}
    >
      <Text size="sm">{t('load.text')}</Text>
      <Group grow>
        <TextInput
          type="date"
          label={t('load.from')}
          max={last || today}
          value={first}
          onChange={(event) => setFirst(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('load.until')}
          min={first}
          max={today}
          value={last}
          onChange={(event) => setLast(event.currentTarget.value)}
          error={good ? undefined : t('load.bad')}
        />
      </Group>
      <Text size="xs" c="dimmed">
        {t('load.zone', { zone: timeZone })}
      </Text>
    </Ask>
  );
}
