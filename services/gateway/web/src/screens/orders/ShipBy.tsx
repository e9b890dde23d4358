// The clock until an order must be shipped: amber below a day, red below six hours.
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Order } from '@/api/types';
import { secondsUntil } from '@/format/time';
import { useFormat } from '@/format/useFormat';
import { ToneBadge } from '@/status/StatusBadge';
import classes from './OrderList.module.css';

const WARN_S = 24 * 3600;
const BAD_S = 6 * 3600;
const WAITING = ['UNPAID', 'ON_HOLD', 'AWAITING_SHIPMENT', 'PARTIALLY_SHIPPING'];

export function ShipBy({ order }: { order: Pick<Order, 'ship_by' | 'channel_status'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!order.ship_by || !WAITING.includes(order.channel_status)) return null;
  const left = secondsUntil(order.ship_by, Date.now());
  const text = left < 0 ? t('orders.overdue') : format.span(left);
  return (
    <>
      <span className={classes.label}>{t('orders.shipBy')}: </span>
      {left < WARN_S ? (
        <ToneBadge
          tone={left < BAD_S ? 'bad' : 'warn'}
          text={text}
          title={format.time(order.ship_by)}
        />
      ) : (
        <Text component="span" size="sm" title={format.time(order.ship_by)}>
          {text}
        </Text>
      )}
    </>
  );
}
