// Which days of a shop are here, and having more of them loaded.
import { Button, Group, List, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ShopDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { LinkAnchor } from '@/parts/links';
import { ProblemNote } from '@/parts/ProblemNote';
import { useMay } from '@/parts/useMay';
import { StatusBadge } from '@/status/StatusBadge';
import {
  FIRST_HISTORY,
  type HistoryChoice,
  HistoryFields,
  historyOf,
  isHistory,
} from './HistoryFields';
import { useChangeShop } from './useChangeShop';

const KINDS = ['days', 'range'] as const;

export function HistorySettings({ shop }: { shop: ShopDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayChange = useMay('shops.write');
  const [choice, setChoice] = useState<HistoryChoice>(FIRST_HISTORY);
  const change = useChangeShop(shop.id, t('load.begun'), () => setChoice(FIRST_HISTORY));
  const running = shop.backfills?.some(({ finished }) => !finished) ?? false;
  return (
    <>
      {shop.orders_from && (
        <Text size="sm">{t('shopSettings.since', { time: format.time(shop.orders_from) })}</Text>
      )}
      <List size="sm" spacing={6} listStyleType="none">
        {shop.backfills?.map(({ run_id, from, until, finished }) => (
          <List.Item key={run_id}>
            <Group gap="xs">
              <LinkAnchor
                to="/shops/$id"
                params={{ id: shop.id }}
                search={{ run: run_id }}
                size="sm"
              >
                {format.time(from)} – {until ? format.time(until) : '…'}
              </LinkAnchor>
              <StatusBadge kind="run" state={finished ? 'FINISHED' : 'RUNNING'} />
            </Group>
          </List.Item>
        ))}
      </List>
      {mayChange && (
        <>
          <HistoryFields
            choice={choice}
            kinds={KINDS}
            onChange={(part) => setChoice({ ...choice, ...part })}
          />
          <Text size="xs" c="dimmed">
            {t('shopSettings.historyText')}
          </Text>
          <ProblemNote error={change.error} />
          <Group justify="flex-end">
            {running && (
              <Text size="sm" c="dimmed">
                {t('problem.HISTORY_RUNNING')}
              </Text>
            )}
            <Button
              variant="default"
              disabled={running || !isHistory(choice)}
              loading={change.isPending}
              onClick={() => change.mutate({ history: historyOf(choice, format.timeZone) })}
            >
              {t('shopSettings.fetch')}
            </Button>
          </Group>
        </>
      )}
    </>
  );
}
