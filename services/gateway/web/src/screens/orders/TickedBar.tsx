// What is ticked, and what can be done with all of it.
import { Button, Group, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Order } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { useMay } from '@/parts/useMay';
import { BulkDialog } from './BulkDialog';
import type { Bulk } from './bulk';
import { TagDialog } from './TagDialog';
import classes from './TickedBar.module.css';

/** What a person may do with orders, deleted ones or others. */
export function useBulks(deleted: boolean): Bulk[] {
  const mayPlace = useMay('orders.place');
  const mayWrite = useMay('orders.write');
  if (deleted) return mayWrite ? ['restore'] : [];
  return [...(mayWrite ? (['delete'] as const) : []), ...(mayPlace ? (['place'] as const) : [])];
}

interface Props {
  ids: string[];
  /** What is loaded; the ticked ones are among them. */
  orders: Order[];
  bulks: Bulk[];
  onClear: () => void;
}

export function TickedBar({ ids, orders, bulks, onClear }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayTag = useMay('orders.write');
  const [tagging, setTagging] = useState(false);
  const [asked, setAsked] = useState<Bulk | null>(null);
  const words = { count: ids.length, shown: format.number(ids.length) };
  return (
    <>
      <Paper
        className={classes.bar}
        shadow="md"
        p="sm"
        component="section"
        aria-label={t('orders.ticked', words)}
      >
        <Group justify="space-between">
          <Text size="sm" fw={600} role="status">
            {t('orders.ticked', words)}
          </Text>
          <Group gap="xs">
            <Button variant="default" size="sm" onClick={onClear}>
              {t('orders.untick')}
            </Button>
            {mayTag && (
              <Button variant="default" size="sm" onClick={() => setTagging(true)}>
                {t('tags.title')}
              </Button>
            )}
            {bulks.map((bulk) => (
              <Button
                key={bulk}
                size="sm"
                variant={bulk === 'delete' ? 'default' : 'filled'}
                onClick={() => setAsked(bulk)}
              >
                {t(`bulk.${bulk}.do`, words)}
              </Button>
            ))}
          </Group>
        </Group>
      </Paper>
      {tagging && (
        <TagDialog
          ids={ids}
          orders={orders.filter(({ id }) => ids.includes(id))}
          onClose={() => setTagging(false)}
        />
      )}
      {asked && (
        <BulkDialog
          bulk={asked}
          ids={ids}
          onClose={(done) => {
            setAsked(null);
            if (done) onClear();
          }}
        />
      )}
    </>
  );
}
