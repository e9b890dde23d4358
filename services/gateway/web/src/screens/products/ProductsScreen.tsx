// Our goods and the listings of the shops that sell them.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { listingCountsQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';
import { Page } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import { Goods } from '../goods/Goods';
import { ImportGoods } from '../goods/ImportGoods';
import { Types } from '../goods/Types';
import tabs from '../orders/StageTabs.module.css';
import { Listings } from './Listings';

function Count({ of }: { of?: number }) {
  const format = useFormat();
  return of === undefined ? null : <span className={tabs.count}>{format.number(of)}</span>;
}

export function ProductsScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const { tab, shop } = useSearch({ from: '/products' });
  const counts = useQuery(listingCountsQuery(shop));
  const mayChange = useMay('products.write');
  const [importing, setImporting] = useState(false);
  const match = useCommand({
    run: () => ask(api.POST('/api/v1/mappings/match', { params: { header: command() } })),
    forget: [['listings'], ['orders'], ['order']],
    said: ({ linked, ambiguous, unknown }) =>
      t('products.matched', {
        linked: format.number(linked),
        ambiguous: format.number(ambiguous),
        unknown: format.number(unknown),
      }),
  });
  return (
    <Page
      title={t('nav.products')}
      actions={
        mayChange && (
          <>
            <Button variant="default" loading={match.isPending} onClick={() => match.mutate()}>
              {t('products.match')}
            </Button>
            <Button onClick={() => setImporting(true)}>{t('products.import')}</Button>
          </>
        )
      }
    >
      <ProblemNote error={match.error} />
      <nav className={tabs.tabs} aria-label={t('nav.products')}>
        <Link to="/products" search={{}} className={tabs.tab} data-active={!tab || undefined}>
          {t('products.ours')}
        </Link>
        <Link
          to="/products"
          search={{ tab: 'listings', shop }}
          className={tabs.tab}
          data-active={tab === 'listings' || undefined}
        >
          {t('products.listings')} <Count of={counts.data?.total} />
        </Link>
        <Link
          to="/products"
          search={{ tab: 'synced', shop }}
          className={tabs.tab}
          data-active={tab === 'synced' || undefined}
        >
          {t('products.synced')} <Count of={counts.data?.synced} />
        </Link>
        <Link
          to="/products"
          search={{ tab: 'types' }}
          className={tabs.tab}
          data-active={tab === 'types' || undefined}
        >
          {t('goods.types')}
        </Link>
      </nav>
      {(tab === 'listings' || tab === 'synced') && <Listings />}
      {tab === 'types' && <Types />}
      {!tab && <Goods onImport={() => setImporting(true)} />}
      {importing && <ImportGoods onClose={() => setImporting(false)} />}
    </Page>
  );
}
