// The lines of an order.
import { Button, Center, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrderDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { DataTable } from '@/parts/DataTable';
import { Section } from '@/parts/Section';
import { StatusBadge } from '@/status/StatusBadge';
import { LineDesign } from '../designs/LineDesign';
import { keyOf, LineGoods, SyncLines, useLineGoods } from './LineGoods';
import { standings } from './standings';

/** Wholesale orders have more than a thousand lines. */
const SHOWN = 100;

function Standings({ line }: { line: OrderDetail['lines'][number] }) {
  const format = useFormat();
  const found = standings(line);
  return (
    <div>
      {found.map(({ units, status }) => (
        <div key={status}>
          {found.length > 1 && `${format.number(units)} × `}
          <StatusBadge kind="channel" state={status} />
        </div>
      ))}
    </div>
  );
}

interface Props {
  order: OrderDetail;
  /** As it was once: to be looked at only. */
  past: boolean;
}

export function OrderLines({ order, past }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState(SHOWN);
  const { ours, open } = useLineGoods(order);
  return (
    <Section
      id="lines"
      title={t('orders.lines', { count: order.lines.length })}
      actions={!past && <SyncLines keys={open} />}
    >
      <DataTable
        label={t('orders.lines', { count: order.lines.length })}
        rows={order.lines.slice(0, shown)}
        rowKey={({ line }) => String(line)}
        columns={[
          { name: '#', cell: ({ line }) => line },
          {
            name: t('orders.product'),
            cell: (line) => (
              <div>
                <LineGoods sku={ours.get(keyOf(order, line))} />
                {line.product_name || line.product_id}
                {!past && ours.get(keyOf(order, line))?.personalised && (
                  <LineDesign order={order.id} line={line.line} />
                )}
                <Text size="xs" c="dimmed">
                  {line.sku_name}
                  {line.is_gift ? ` · ${t('orders.gift')}` : ''}
                </Text>
              </div>
            ),
          },
          {
            name: t('orders.sellerSku'),
            mono: true,
            cell: (line) => line.seller_sku || line.sku_id,
          },
          { name: t('orders.units'), end: true, cell: (line) => format.number(line.units) },
          {
            name: t('orders.price'),
            end: true,
            cell: (line) => line.price && format.money(line.price),
          },
          {
            name: t('orders.channelStatus'),
            cell: (line) => <Standings line={line} />,
          },
        ]}
      />
      {order.lines.length > shown && (
        <Center>
          <Button variant="default" onClick={() => setShown(shown + SHOWN)}>
            {t('common.more')}
          </Button>
        </Center>
      )}
    </Section>
  );
}
