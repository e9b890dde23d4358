// Our goods.
import { Button, Paper, Stack, Table } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { variantsQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';
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
          <Table.ScrollContainer minWidth={480}>
            <Table verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('stock.sku')}</Table.Th>
                  <Table.Th>{t('stock.name')}</Table.Th>
                  <Table.Th>{t('products.supply')}</Table.Th>
                  <Table.Th ta="right">{t('products.cost')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((variant) => (
                  <Table.Tr key={variant.id}>
                    <Table.Td ff="monospace">{variant.sku}</Table.Td>
                    <Table.Td>{variant.name}</Table.Td>
                    <Table.Td>{variant.supply && t(`supply.${variant.supply}`)}</Table.Td>
                    <Table.Td ta="right">{variant.cost && format.money(variant.cost)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
      <MoreButton query={variants} />
    </Stack>
  );
}
