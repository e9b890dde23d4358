// How far an import is: a bar, counts, speed and what is left; nothing when none runs.
import { Group, Progress, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Shop } from '@/api/types';
import { useFormat } from '@/format/useFormat';

interface Seen {
  at: number;
  orders: number;
}

/** Orders a second since this screen began to look; 0 while that is not known. */
function useSpeed(orders: number): number {
  const first = useRef<Seen | null>(null);
  const [speed, setSpeed] = useState(0);
  useEffect(() => {
    const now = Date.now();
    if (!first.current || orders < first.current.orders) first.current = { at: now, orders };
    const seconds = (now - first.current.at) / 1000;
    if (seconds > 1) setSpeed((orders - first.current.orders) / seconds);
  }, [orders]);
  return speed;
}

export function ShopProgress({ shop }: { shop: Shop }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { progress } = shop;
  const seen = progress?.orders_seen ?? 0;
  const total = progress?.orders_total ?? 0;
  const speed = useSpeed(seen);
  if (!progress || progress.finished) return null;
  const share = total > 0 ? Math.min(1, seen / total) : 0;
  const text =
    total > 0
      ? t('shops.progress', { seen: format.number(seen), total: format.number(total) })
      : t('shops.progressUnknown', { seen: format.number(seen) });
  const left =
    speed > 0 && total > seen
      ? t('shops.speed', {
          speed: format.number(Math.round(speed)),
          left: format.span((total - seen) / speed),
        })
      : '';
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={600}>
          {text}
        </Text>
        <Text size="sm" c="dimmed">
          {left}
        </Text>
      </Group>
      <Progress
        value={total > 0 ? share * 100 : 100}
        animated
        striped={total === 0}
        aria-label={text}
      />
    </div>
  );
}
