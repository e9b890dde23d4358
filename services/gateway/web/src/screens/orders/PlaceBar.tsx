// What is ticked, its tags, and placing it: asked once with the count, then a result for each order.
import { Button, Group, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Order, PlaceItem } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Ask } from '@/parts/Ask';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import classes from './PlaceBar.module.css';
import { PlaceResults } from './PlaceResults';
import { placeOrders } from './place';
import { TagDialog } from './TagDialog';

interface Props {
  ids: string[];
  /** What is loaded; the ticked ones are among them. */
  orders: Order[];
  onClear: () => void;
}

export function PlaceBar({ ids, orders, onClear }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayTag = useMay('orders.write');
  const [asking, setAsking] = useState(false);
  const [tagging, setTagging] = useState(false);
  const [results, setResults] = useState<PlaceItem[] | null>(null);
  const words = { count: ids.length, shown: format.number(ids.length) };
  const place = useCommand({
    run: () => placeOrders(ids, setResults),
    forget: [['orders'], ['order'], ['wallet']],
    done: () => setAsking(false),
  });
  if (results && !place.isPending)
    return (
      <PlaceResults
        results={results}
        error={place.error}
        onClose={() => {
          setResults(null);
          onClear();
        }}
      />
    );
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
            <Button size="sm" onClick={() => setAsking(true)}>
              {t('orders.place', words)}
            </Button>
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
      {asking && (
        <Ask
          title={t('orders.placeTitle')}
          doIt={t('orders.place', words)}
          busy={place.isPending}
          error={place.error}
          onClose={() => setAsking(false)}
          onDo={() => place.mutate()}
        >
          <Text size="sm">{t('orders.placeText')}</Text>
          {results && (
            <Text size="sm" role="status">
              {t('orders.placing', {
                done: format.number(results.length),
                all: format.number(ids.length),
              })}
            </Text>
          )}
        </Ask>
      )}
    </>
  );
}
