// The cells of one order in the list.
import { Checkbox, Text } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Order } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { LinkAnchor } from '@/parts/links';
import { StatusBadge } from '@/status/StatusBadge';
import { Flags } from './Flags';
import classes from './OrderList.module.css';
import { ShipBy } from './ShipBy';
import { Tags } from './Tags';
import { WhyNot } from './WhyNot';

interface Props {
  order: Order;
  alias: string;
  ticked: boolean;
  onTick: ((ids: string[], on: boolean) => void) | undefined;
}

export const OrderRow = memo(function OrderRow({ order, alias, ticked, onTick }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {onTick && (
        <div role="cell" className={classes.cell} data-area="tick">
          <Checkbox
            aria-label={t('orders.tick', { id: order.channel_order_id })}
            checked={ticked}
            onChange={(event) => onTick([order.id], event.currentTarget.checked)}
          />
        </div>
      )}
      <div role="cell" className={`${classes.cell} ${classes.name}`} data-area="order">
        <LinkAnchor to="/orders/$id" params={{ id: order.id }} size="sm" fw={600} ff="monospace">
          {order.channel_order_id}
        </LinkAnchor>
        <Text size="xs" c="dimmed">
          {alias}
          {order.created_at ? ` · ${format.time(order.created_at)}` : ''}
        </Text>
        <Flags order={order} />
        <Tags tags={order.tags} />
      </div>
      <div role="cell" className={classes.cell} data-area="stage">
        {order.stage ? (
          <>
            <StatusBadge kind="stage" state={order.stage} />
            {order.stage_since && (
              <Text size="xs" c="dimmed" title={format.time(order.stage_since)}>
                {format.ago(order.stage_since)}
              </Text>
            )}
          </>
        ) : (
          <Text size="xs" c="dimmed">
            {t('orders.notStaged')}
          </Text>
        )}
      </div>
      <div role="cell" className={classes.cell} data-area="hub">
        <StatusBadge kind="hub" state={order.hub_status} />
      </div>
      <div role="cell" className={classes.cell} data-area="why">
        <WhyNot conditions={order.open_conditions ?? []} />
      </div>
      <div role="cell" className={classes.cell} data-area="units">
        {format.number(order.units ?? 0)}
        <span className={classes.label}>
          {' '}
          {t('orders.unitsShort', { count: order.units ?? 0 })}
        </span>
      </div>
      <div role="cell" className={classes.cell} data-area="total">
        {order.total && format.money(order.total)}
      </div>
      <div role="cell" className={classes.cell} data-area="ship">
        <ShipBy order={order} />
      </div>
    </>
  );
});
