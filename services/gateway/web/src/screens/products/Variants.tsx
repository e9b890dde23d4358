// Our goods.
import { Button, Paper, Stack } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { variantsQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';
import { DataTable } from '@/parts/DataTable';
import { Empty } from '@/parts/Empty';
import { MoreButton } from '@/parts/more';
import { ReadingState } from '@/parts/Page';
import { useMay } from '@/parts/useMay';
import { SearchBox } from './SearchBox';

export function Variants({ onImport }: { onImport: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { q } = useSearch({ from: '/products' });
  const mayChange = useMay('products.write');
  const variants = useInfiniteQuery(variantsQuery(q));
  const items = variants.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <SearchBox label={t('products.search')} />
      <ReadingState query={variants} />
      {variants.data && items.length === 0 && (
        <Empty
          icon={<IconPackage aria-hidden />}
          title={t(q ? 'products.noMatch' : 'products.none')}
          text={t('products.noneText')}
          action={mayChange && <Button onClick={onImport}>{t('products.import')}</Button>}
        />
      )}
      {items.length > 0 && (
        <Paper p="md">
          <DataTable
            label={t('products.ours')}
            rows={items}
            rowKey={({ id }) => id}
            columns={[
              { name: t('stock.sku'), mono: true, cell: ({ sku }) => sku },
              { name: t('stock.name'), cell: ({ name }) => name },
              {
                name: t('products.supply'),
                cell: ({ supply }) => supply && t(`supply.${supply}`),
              },
              {
                name: t('products.cost'),
                end: true,
                cell: ({ cost }) => cost && format.money(cost),
              },
            ]}
          />
        </Paper>
      )}
      <MoreButton query={variants} />
    </Stack>
  );
}
