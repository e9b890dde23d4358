// Product types: which attributes the goods of each have.
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { productTypesQuery } from '@/api/goods';
import type { ProductType } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Empty } from '@/parts/Empty';
import { ReadingState } from '@/parts/Page';
import { useMay } from '@/parts/useMay';
import { ToneBadge } from '@/status/StatusBadge';
import { TypeDialog } from './TypeDialog';

export function Types() {
  const { t } = useTranslation();
  const format = useFormat();
  const mayChange = useMay('products.write');
  const types = useQuery(productTypesQuery);
  const [open, setOpen] = useState<ProductType | 'new' | null>(null);
  const make = mayChange && <Button onClick={() => setOpen('new')}>{t('goods.newType')}</Button>;
  return (
    <Stack gap="sm">
      <ReadingState query={types} />
      {types.data?.length === 0 ? (
        <Empty title={t('goods.noTypes')} text={t('goods.noTypesText')} action={make} />
      ) : (
        <Group justify="flex-end">{make}</Group>
      )}
      {types.data?.map((type) => (
        <Paper key={type.id} p="md" component="article">
          <Group justify="space-between" gap="xs">
            <Group gap="xs">
              <Text fw={600}>{type.name}</Text>
              {type.archived && <ToneBadge tone="neutral" text={t('goods.archived')} />}
              <Text size="sm" c="dimmed">
                {t('goods.products', {
                  count: type.product_count,
                  shown: format.number(type.product_count),
                })}
              </Text>
            </Group>
            {mayChange && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={t('goods.editType', { name: type.name })}
                onClick={() => setOpen(type)}
              >
                {t('goods.editType', { name: type.name })}
              </Button>
            )}
          </Group>
          {type.attributes.map(({ id, name, values }) => (
            <Text key={id} size="sm">
              {name}: {values.map((value) => value.name).join(', ')}
            </Text>
          ))}
        </Paper>
      ))}
      {open && (
        <TypeDialog {...(open === 'new' ? {} : { type: open })} onClose={() => setOpen(null)} />
      )}
    </Stack>
  );
}
