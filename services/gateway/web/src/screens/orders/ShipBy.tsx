// The clock until an order must be shipped: amber below a day, red below six hours.
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Order } from '@/api/types';
import { secondsUntil } from '@/format/time';
import { useFormat } from '@/format/useFormat';
import { ToneBadge } from '@/status/StatusBadge';
import { toneOfDeadline } from '@/status/tones';
import classes from './OrderList.module.css';

const WAITING = ['UNPAID', 'ON_HOLD', 'AWAITING_SHIPMENT', 'PARTIALLY_SHIPPING'];

export function ShipBy({ order }: { order: Pick<Order, 'ship_by' | 'channel_status'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!order.ship_by || !WAITING.includes(order.channel_status)) return null;
  const left = secondsUntil(order.ship_by, Date.now());
  const tone = toneOfDeadline(left);
  const text = left < 0 ? t('orders.overdue') : format.span(left);
  return (
    <>
      <span className={classes.label}>{t('orders.shipBy')}: </span>
      {tone !== 'neutral' ? (
        <ToneBadge tone={tone} text={text} title={format.time(order.ship_by)} />
      ) : (
        <Text component="span" size="sm" title={format.time(order.ship_by)}>
          {text}
        </Text>
      )}
    </>
  );
}
