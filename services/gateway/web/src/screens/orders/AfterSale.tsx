// What is wanted of an order after it was made: returns and cancellations, cancelling it, having its goods back.
import { Button, Paper, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { cancellingQuery, conditionsQuery, returnsQuery } from '@/api/queries';
import type { OrderDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Ask } from '@/parts/Ask';
import { ProblemNote } from '@/parts/ProblemNote';
import { Section } from '@/parts/Section';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import { Actions } from '../returns/Actions';
import { Returns } from '../returns/ReturnsScreen';
import { CancelOrder } from './CancelOrder';

const AWAY = ['IN_TRANSIT', 'DONE', 'RETURNING'];

export function AfterSale({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useInfiniteQuery(returnsQuery({ order: order.id }));
  const cancelling = useQuery(cancellingQuery(order.id));
  const { data: explained } = useQuery(conditionsQuery(order.id));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const back = explained?.returned;
  return (
    <>
      {back && (
        <Paper p="md">
          <Text size="sm">
            {t('returned.by', { user: back.user, time: format.time(back.at) })} {back.note}
          </Text>
        </Paper>
      )}
      <ProblemNote error={list.error ?? cancelling.error} />
      {items.length > 0 && (
        <Section id="returns" title={t('nav.returns')}>
          <Returns items={items} ofOrder />
        </Section>
      )}
      <Actions actions={cancelling.data?.actions ?? []} />
    </>
  );
}

export function AfterSaleButtons({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const may = useMay('orders.write');
  const cancelling = useQuery(cancellingQuery(order.id));
  const [asked, setAsked] = useState<'cancel' | 'returned' | null>(null);
  const reasons = cancelling.data?.reasons ?? [];
  if (!may) return null;
  return (
    <>
      {reasons.length > 0 && (
        <Button variant="default" onClick={() => setAsked('cancel')}>
          {t('cancelOrder.do')}
        </Button>
      )}
      {AWAY.includes(order.stage ?? '') && (
        <Button variant="default" onClick={() => setAsked('returned')}>
          {t('returned.do')}
        </Button>
      )}
      {asked === 'cancel' && cancelling.data && (
        <CancelOrder order={order} offer={cancelling.data} onClose={() => setAsked(null)} />
      )}
      {asked === 'returned' && <SetReturned id={order.id} onClose={() => setAsked(null)} />}
    </>
  );
}

function SetReturned({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const set = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/orders/{id}/returned', {
          params: { path: { id }, header: command() },
          body: note ? { note } : {},
        }),
      ),
    forget: [['order'], ['orders']],
    done: onClose,
  });
  return (
    <Ask
      title={t('returned.do')}
      doIt={t('returned.do')}
      busy={set.isPending}
      error={set.error}
      onClose={onClose}
      onDo={() => set.mutate()}
    >
      <TextInput
        label={t('returned.note')}
        description={t('returned.text')}
        maxLength={120}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </Ask>
  );
}
