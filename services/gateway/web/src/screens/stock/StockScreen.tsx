// What is where, what of it is kept for orders, and correcting it.
import { Button, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconBuildingWarehouse, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stockQuery, warehousesQuery } from '@/api/queries';
import type { Warehouse } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { DataTable } from '@/parts/DataTable';
import { Empty } from '@/parts/Empty';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { PagedList } from '@/parts/PagedList';
import { useMay } from '@/parts/useMay';
import { ToneBadge } from '@/status/StatusBadge';
import { AddWarehouse } from './AddWarehouse';
import { AdjustStock } from './AdjustStock';

export function StockScreen() {
  const { t } = useTranslation();
  const mayChange = useMay('stock.write');
  const warehouses = useQuery(warehousesQuery);
  const [asking, setAsking] = useState<'warehouse' | 'adjust' | null>(null);
  const list = warehouses.data ?? [];
  return (
    <Page
      title={t('nav.stock')}
      actions={
        mayChange && (
          <>
            <Button variant="default" onClick={() => setAsking('warehouse')}>
              {t('stock.addWarehouse')}
            </Button>
            <Button disabled={list.length === 0} onClick={() => setAsking('adjust')}>
              {t('stock.adjust')}
            </Button>
          </>
        )
      }
    >
      <ReadingState query={warehouses} />
      {warehouses.data?.length === 0 ? (
        <Empty
          icon={<IconBuildingWarehouse aria-hidden />}
          title={t('stock.noWarehouse')}
          text={t('stock.noWarehouseText')}
          action={
            mayChange && (
              <Button onClick={() => setAsking('warehouse')}>{t('stock.addWarehouse')}</Button>
            )
          }
        />
      ) : (
        <>
          <Warehouses list={list} />
          <Levels warehouses={list} />
        </>
      )}
      {asking === 'warehouse' && <AddWarehouse onClose={() => setAsking(null)} />}
      {asking === 'adjust' && <AdjustStock warehouses={list} onClose={() => setAsking(null)} />}
    </Page>
  );
}

function Warehouses({ list }: { list: Warehouse[] }) {
  const { t } = useTranslation();
  return (
    <Paper p="md">
      <Title order={2} size="h4" mb="xs">
        {t('stock.warehouses')}
      </Title>
      <Stack gap="xs">
        {list.map(({ id, name, kind, approved }) => (
          <Group key={id} gap="xs">
            <Text size="sm" fw={600}>
              {name}
            </Text>
            <Text size="sm" c="dimmed">
              {t(`warehouseKind.${kind}`)}
            </Text>
            {approved === false && <ToneBadge tone="wait" text={t('stock.notApproved')} />}
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}

function Levels({ warehouses }: { warehouses: Warehouse[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const search = useSearch({ from: '/stock' });
  const navigate = useNavigate({ from: '/stock' });
  const [words, setWords] = useState(search.q ?? '');
  const levels = useInfiniteQuery(stockQuery(search));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ search: (old) => ({ ...old, q: words.trim() || undefined }) });
  };
  const nameOf = (id: string) => warehouses.find((warehouse) => warehouse.id === id)?.name ?? id;
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        <form onSubmit={submit} style={{ flex: '1 1 220px' }}>
          <TextInput
            aria-label={t('stock.search')}
            placeholder={t('stock.search')}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
        </form>
        <NativeSelect
          aria-label={t('stock.warehouses')}
          value={search.warehouse ?? ''}
          onChange={(event) => {
            const warehouse = event.currentTarget.value || undefined;
            void navigate({ search: (old) => ({ ...old, warehouse }) });
          }}
          data={[
            { value: '', label: t('stock.allWarehouses') },
            ...warehouses.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <AsOf at={levels.dataUpdatedAt} />
      </Group>
      <PagedList
        query={levels}
        empty={<Empty title={t('stock.none')} text={t('stock.noneText')} />}
      >
        {(items) => (
          <Paper p="md">
            <DataTable
              label={t('nav.stock')}
              rows={items}
              rowKey={(level) => `${level.variant_id} ${level.warehouse_id}`}
              columns={[
                {
                  name: t('stock.sku'),
                  mono: true,
                  cell: (level) => level.sku ?? level.variant_id,
                },
                { name: t('stock.name'), cell: ({ name }) => name },
                { name: t('stock.warehouse'), cell: (level) => nameOf(level.warehouse_id) },
                {
                  name: t('stock.onHand'),
                  end: true,
                  cell: (level) => format.number(level.on_hand),
                },
                {
                  name: t('stock.reserved'),
                  end: true,
                  cell: (level) => format.number(level.reserved),
                },
                {
                  name: t('stock.pendingOut'),
                  end: true,
                  cell: (level) => format.number(level.pending_out),
                },
                {
                  name: t('stock.available'),
                  end: true,
                  strong: true,
                  cell: (level) => format.number(level.available),
                },
              ]}
            />
          </Paper>
        )}
      </PagedList>
    </Stack>
  );
}
