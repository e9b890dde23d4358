// The tags of one order, and changing them.
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrderDetail } from '@/api/types';
import { useMay } from '@/parts/useMay';
import { TagDialog } from './TagDialog';
import { Tags } from './Tags';

export function OrderTags({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const mayTag = useMay('orders.write');
  const [opened, setOpened] = useState(false);
  return (
    <Group gap="xs">
      <Tags tags={order.tags} />
      {mayTag && (
        <Button size="compact-sm" variant="default" onClick={() => setOpened(true)}>
          {t('tags.title')}
        </Button>
      )}
      {opened && <TagDialog ids={[order.id]} orders={[order]} onClose={() => setOpened(false)} />}
    </Group>
  );
}
