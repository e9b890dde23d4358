// Our goods: found, filtered, made, changed, exported.
import { Anchor, Button, Group, Menu, NativeSelect, Paper, Stack } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type GoodsFilter, productTypesQuery, variantsQuery } from '@/api/goods';
import type { Supply, Variant } from '@/api/types';
import { SHOWN, type Shown, SUPPLIES } from '@/app/router';
import { useFormat } from '@/format/useFormat';
import { DataTable } from '@/parts/DataTable';
import { Empty } from '@/parts/Empty';
import { PagedList } from '@/parts/PagedList';
import { useMay } from '@/parts/useMay';
import { SearchBox } from '../products/SearchBox';
import { NewProduct } from './NewProduct';
import { VariantDialog } from './VariantDialog';
import { WorkbookDialog } from './WorkbookDialog';

function useGoodsFilter(): GoodsFilter {
  const { q, type, supply, show } = useSearch({ from: '/products' });
  return {
    ...(q ? { q } : {}),
    ...(type ? { type } : {}),
    ...(supply ? { supply } : {}),
    ...(show ? { [show]: true } : {}),
  };
}

const addressOf = (filter: GoodsFilter) =>
  `/api/v1/variants.csv?${new URLSearchParams(
    Object.entries(filter).map(([name, value]) => [name, String(value)]),
  )}`;

export function Goods({ onImport }: { onImport: () => void }) {
  const { t } = useTranslation();
  const mayChange = useMay('products.write');
  const filter = useGoodsFilter();
  const variants = useInfiniteQuery(variantsQuery(filter));
  const [open, setOpen] = useState<Variant | 'new' | 'product' | 'workbook' | null>(null);
  const close = () => setOpen(null);
  const filtered = Object.keys(filter).length > 0;
  return (
    <Stack gap="sm">
      <Group gap="xs" align="end">
        <SearchBox label={t('products.search')} />
        <Filters />
      </Group>
      <Group gap="xs" justify="flex-end">
        <Menu>
          <Menu.Target>
            <Button variant="default">{t('goods.export')}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component="a" href={addressOf(filter)} download>
              {t('goods.exportCsv')}
            </Menu.Item>
            <Menu.Item onClick={() => setOpen('workbook')}>{t('goods.exportXlsx')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        {mayChange && (
          <>
            <Button variant="default" onClick={() => setOpen('product')}>
              {t('goods.newProduct')}
            </Button>
            <Button variant="default" onClick={() => setOpen('new')}>
              {t('goods.new')}
            </Button>
          </>
        )}
      </Group>
      <PagedList
        query={variants}
        empty={
          <Empty
            icon={<IconPackage aria-hidden />}
            title={t(filtered ? 'products.noMatch' : 'products.none')}
            text={t(filtered ? 'products.noMatchText' : 'products.noneText')}
            action={
              !filtered && mayChange && <Button onClick={onImport}>{t('products.import')}</Button>
            }
          />
        }
      >
        {(items) => <GoodsTable items={items} onOpen={setOpen} />}
      </PagedList>
      {open === 'product' && <NewProduct onClose={close} />}
      {open === 'workbook' && <WorkbookDialog filter={filter} onClose={close} />}
      {open === 'new' && <VariantDialog onClose={close} />}
      {open !== null && typeof open === 'object' && (
        <VariantDialog variant={open} onClose={close} />
      )}
    </Stack>
  );
}

function Filters() {
  const { t } = useTranslation();
  const { type, supply, show } = useSearch({ from: '/products' });
  const navigate = useNavigate({ from: '/products' });
  const types = useQuery(productTypesQuery);
  const set = (change: { type?: string; supply?: Supply; show?: Shown }) =>
    void navigate({ search: (old) => ({ ...old, ...change }) });
  return (
    <>
      <NativeSelect
        aria-label={t('goods.type')}
        value={type ?? ''}
        onChange={(event) => set({ type: event.currentTarget.value || undefined } as object)}
        data={[
          { value: '', label: t('goods.anyType') },
          ...(types.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <NativeSelect
        aria-label={t('products.supply')}
        value={supply ?? ''}
        onChange={(event) => set({ supply: event.currentTarget.value || undefined } as object)}
        data={[
          { value: '', label: t('goods.anySupply') },
          ...SUPPLIES.map((value) => ({ value, label: t(`supply.${value}`) })),
        ]}
      />
      <NativeSelect
        aria-label={t('goods.filter')}
        value={show ?? ''}
        onChange={(event) => set({ show: event.currentTarget.value || undefined } as object)}
        data={[
          { value: '', label: t('goods.living') },
          ...SHOWN.map((value) => ({ value, label: t(`goods.${value}`) })),
        ]}
      />
    </>
  );
}

interface TableProps {
  items: Variant[];
  onOpen: (variant: Variant) => void;
}

function GoodsTable({ items, onOpen }: TableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Paper p="md">
      <DataTable
        label={t('products.ours')}
        rows={items}
        rowKey={({ id }) => id}
        columns={[
          {
            name: t('stock.sku'),
            mono: true,
            cell: (variant) => (
              <Anchor component="button" fz="inherit" ff="inherit" onClick={() => onOpen(variant)}>
                {variant.sku}
              </Anchor>
            ),
          },
          { name: t('stock.name'), cell: ({ name }) => name },
          {
            name: t('goods.product'),
            cell: ({ product, attributes, parts }) =>
              parts.length > 0
                ? parts.map(({ sku, pieces }) => `${pieces} × ${sku}`).join(' + ')
                : [product?.name, ...attributes.map(({ value }) => value)]
                    .filter(Boolean)
                    .join(' · '),
          },
          { name: t('products.supply'), cell: ({ supply }) => t(`supply.${supply}`) },
          {
            name: t('goods.missing'),
            cell: ({ missing }) => missing.map((word) => t(`goods.needs.${word}`)).join(', '),
          },
          { name: t('products.cost'), end: true, cell: ({ cost }) => format.money(cost) },
        ]}
      />
    </Paper>
  );
}
