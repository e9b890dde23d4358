// Which of our goods the lines of an order are; and the way to say it of those that are not linked.
import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { skusQuery } from '@/api/queries';
import type { OrderDetail, ShownSku } from '@/api/types';
import { Picture } from '@/parts/Picture';
import { useMay } from '@/parts/useMay';
import { MatchDialog } from '../match/MatchDialog';

const MOST = 500; // SKUs asked for at once

type Line = OrderDetail['lines'][number];

export const keyOf = (order: OrderDetail, line: Line) => `${order.shop_id}-${line.sku_id}`;

/** What is known of the order's SKUs, by key; and the keys of those that are not linked. */
export function useLineGoods(order: OrderDetail) {
  const keys = [
    ...new Set(order.lines.filter(({ sku_id }) => sku_id).map((line) => keyOf(order, line))),
  ].slice(0, MOST);
  const { data } = useQuery(skusQuery(keys));
  const ours = new Map((data ?? []).map((sku) => [sku.key, sku]));
  const open = keys.filter((key) => ours.get(key)?.sku.problem);
  return { ours, open };
}

/** Name, picture and unit as we have them. */
export function LineGoods({ sku }: { sku: ShownSku | undefined }) {
  const parts = sku?.sku.problem ? [] : (sku?.sku.parts ?? []);
  return parts.map((part) => (
    <Group key={part.variant_id} gap="xs" wrap="nowrap">
      <Picture address={part.image} />
      <div>
        <Text size="sm" fw={600}>
          {part.pieces > 1 && `${part.pieces} × `}
          {part.name} {part.unit && `(${part.unit})`}
        </Text>
        <Text size="xs" ff="monospace" c="dimmed">
          {part.sku}
        </Text>
      </div>
    </Group>
  ));
}

export function SyncLines({ keys }: { keys: string[] }) {
  const { t } = useTranslation();
  const mayChange = useMay('products.write');
  const [matching, setMatching] = useState<string[] | null>(null);
  return (
    <>
      {mayChange && keys.length > 0 && (
        <Button size="compact-sm" onClick={() => setMatching(keys)}>
          {t('orders.syncProducts')}
        </Button>
      )}
      {matching && (
        <MatchDialog
          title={t('match.orderTitle')}
          keys={matching}
          onClose={() => setMatching(null)}
        />
      )}
    </>
  );
}
