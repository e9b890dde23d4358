// One shop: how it stands, and behind its tabs what it did and what can be changed.
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shopQuery } from '@/api/queries';
import type { ShopDetail } from '@/api/types';
import { SHOP_TABS, type ShopTab } from '@/app/router';
import { CopyId } from '@/parts/CopyId';
import { LinkButton } from '@/parts/links';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { useMay } from '@/parts/useMay';
import { StatusBadge } from '@/status/StatusBadge';
import tabs from '../orders/StageTabs.module.css';
import { Activities } from './Activities';
import { Completeness } from './Completeness';
import { ImportRuns } from './ImportRuns';
import { LoadOrders } from './LoadOrders';
import { Overview } from './Overview';
import { ShopAlert } from './ShopAlert';
import { ShopNotices } from './ShopNotices';
import { ShopProgress } from './ShopProgress';
import { ShopSettings } from './ShopSettings';
import { standingOf } from './standing';
import { Tasks } from './Tasks';

const BUSY_MS = 2000;
const QUIET_MS = 20_000;

export function ShopScreen() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/shops/$id' });
  const { tab, run } = useSearch({ from: '/shops/$id' });
  const mayLoad = useMay('orders.write');
  const [loading, setLoading] = useState(false);
  const query = useQuery({
    ...shopQuery(id),
    refetchInterval: ({ state }) => (state.data?.progress?.finished === false ? BUSY_MS : QUIET_MS),
  });
  const shop = query.data;
  if (!shop)
    return (
      <Page title={t('shops.one')}>
        <ReadingState query={query} />
      </Page>
    );
  const toldAt = query.dataUpdatedAt;
  const shown = tab ?? (run ? 'imports' : undefined);
  return (
    <Page
      title={shop.alias}
      about={<AsOf at={toldAt} />}
      actions={
        <>
          <LinkButton to="/orders" search={{ shop: id }} variant="default">
            {t('shops.itsOrders')}
          </LinkButton>
          <LinkButton to="/products" search={{ tab: 'listings', shop: id }} variant="default">
            {t('shops.itsProducts')}
          </LinkButton>
          {mayLoad && shop.state !== 'DISCONNECTED' && (
            <Button variant="default" onClick={() => setLoading(true)}>
              {t('load.open')}
            </Button>
          )}
        </>
      }
    >
      <Group gap="sm">
        <StatusBadge kind="shop" state={standingOf(shop, toldAt)} />
        <CopyId id={shop.channel_shop_id} />
      </Group>
      <ReadingState query={query} />
      <ShopProgress shop={shop} />
      <ShopAlert shop={shop} toldAt={toldAt} />
      <Tabs shop={id} shown={shown} />
      <Shown tab={shown} shop={shop} toldAt={toldAt} run={run} />
      {loading && <LoadOrders shop={shop} onClose={() => setLoading(false)} />}
    </Page>
  );
}

function Tabs({ shop, shown }: { shop: string; shown: ShopTab | undefined }) {
  const { t } = useTranslation();
  const mayOrders = useMay('orders.read');
  const places = SHOP_TABS.filter(
    (tab) => mayOrders || (tab !== 'imports' && tab !== 'completeness'),
  );
  return (
    <nav className={tabs.tabs} aria-label={t('shops.tabs')}>
      {[undefined, ...places].map((tab) => (
        <Link
          key={tab ?? 'overview'}
          to="/shops/$id"
          params={{ id: shop }}
          search={{ tab }}
          resetScroll={false}
          className={tabs.tab}
          data-active={tab === shown || undefined}
          aria-current={tab === shown ? 'page' : undefined}
        >
          {t(`shopTab.${tab ?? 'overview'}`)}
        </Link>
      ))}
    </nav>
  );
}

interface ShownProps {
  tab: ShopTab | undefined;
  shop: ShopDetail;
  toldAt: number;
  run: string | undefined;
}

function Shown({ tab, shop, toldAt, run }: ShownProps) {
  switch (tab) {
    case 'imports':
      return <ImportRuns shop={shop} opened={run} />;
    case 'completeness':
      return <Completeness shop={shop} />;
    case 'activity':
      return <Activities shop={shop.id} />;
    case 'tasks':
      return <Tasks shop={shop.id} />;
    case 'notices':
      return <ShopNotices shop={shop.id} />;
    case 'settings':
      return <ShopSettings key={shop.id} shop={shop} />;
    default:
      return <Overview shop={shop} toldAt={toldAt} />;
  }
}
