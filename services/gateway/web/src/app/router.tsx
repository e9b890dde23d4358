// The addresses.  Behind a hash, since the gateway sends people to /#/setup and /#/shops/connect/<id>.
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import type { ListingState, Service, SettlementState, Supply } from '@/api/types';
import { readFilter } from '@/screens/orders/filter';
import { RETURN_GROUPS, type ReturnGroup, TONES } from '@/status/tones';
import { Lost, Wrong } from './Lost';
import { Root } from './Root';

type Search = Record<string, unknown>;
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const oneOf = <Word extends string>(value: unknown, words: readonly string[]): Word | undefined =>
  words.includes(value as string) ? (value as Word) : undefined;

const root = createRootRoute({ component: Root, notFoundComponent: Lost, errorComponent: Wrong });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('@/screens/home/HomeScreen'), 'HomeScreen'),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search: Search): { token?: string } => ({ token: text(search.token) }),
  component: lazyRouteComponent(() => import('@/screens/setup/SetupScreen'), 'SetupScreen'),
});
const shops = createRoute({
  getParentRoute: () => root,
  path: '/shops',
  validateSearch: (search: Search): { problem?: string } => ({ problem: text(search.problem) }),
  component: lazyRouteComponent(() => import('@/screens/shops/ShopsScreen'), 'ShopsScreen'),
});
const connect = createRoute({
  getParentRoute: () => root,
  path: '/shops/connect',
  validateSearch: (search: Search): { alias?: string; region?: string } => ({
    alias: text(search.alias),
    region: text(search.region),
  }),
  component: lazyRouteComponent(() => import('@/screens/shops/ConnectScreen'), 'ConnectScreen'),
});
const connecting = createRoute({
  getParentRoute: () => root,
  path: '/shops/connect/$id',
  component: lazyRouteComponent(() => import('@/screens/shops/ChooseScreen'), 'ChooseScreen'),
});
export const SHOP_TABS = [
  'imports',
  'completeness',
  'activity',
  'tasks',
  'notices',
  'settings',
] as const;
export type ShopTab = (typeof SHOP_TABS)[number];
const shop = createRoute({
  getParentRoute: () => root,
  path: '/shops/$id',
  validateSearch: (search: Search): { tab?: ShopTab; run?: string; open?: 'open' } => ({
    tab: oneOf<ShopTab>(search.tab, SHOP_TABS),
    run: text(search.run),
    open: oneOf<'open'>(search.open, ['open']),
  }),
  component: lazyRouteComponent(() => import('@/screens/shops/ShopScreen'), 'ShopScreen'),
});

const orders = createRoute({
  getParentRoute: () => root,
  path: '/orders',
  validateSearch: readFilter,
  component: lazyRouteComponent(() => import('@/screens/orders/OrdersScreen'), 'OrdersScreen'),
});
const order = createRoute({
  getParentRoute: () => root,
  path: '/orders/$id',
  validateSearch: (search: Search): { at?: string } => ({ at: text(search.at) }),
  component: lazyRouteComponent(() => import('@/screens/orders/OrderScreen'), 'OrderScreen'),
});

const newOrder = createRoute({
  getParentRoute: () => root,
  path: '/orders/new',
  component: lazyRouteComponent(() => import('@/screens/orders/ManualScreen'), 'NewOrderScreen'),
});
const changeOrder = createRoute({
  getParentRoute: () => root,
  path: '/orders/$id/change',
  component: lazyRouteComponent(() => import('@/screens/orders/ManualScreen'), 'ChangeOrderScreen'),
});

export interface ReturnSearch {
  group?: ReturnGroup;
  shop?: string;
}
const returns = createRoute({
  getParentRoute: () => root,
  path: '/returns',
  validateSearch: (search: Search): ReturnSearch => ({
    group: oneOf<ReturnGroup>(search.group, Object.keys(RETURN_GROUPS)),
    shop: text(search.shop),
  }),
  component: lazyRouteComponent(() => import('@/screens/returns/ReturnsScreen'), 'ReturnsScreen'),
});
const oneReturn = createRoute({
  getParentRoute: () => root,
  path: '/returns/$id',
  component: lazyRouteComponent(() => import('@/screens/returns/ReturnScreen'), 'ReturnScreen'),
});

export interface SettlementSearch {
  first?: string;
  last?: string;
  state?: SettlementState;
  shop?: string;
}
const settlements = createRoute({
  getParentRoute: () => root,
  path: '/settlements',
  validateSearch: (search: Search): SettlementSearch => ({
    first: text(search.first),
    last: text(search.last),
    state: oneOf<SettlementState>(search.state, Object.keys(TONES.settlement)),
    shop: text(search.shop),
  }),
  component: lazyRouteComponent(
    () => import('@/screens/settlements/SettlementsScreen'),
    'SettlementsScreen',
  ),
});

const LISTING_STATES = ['NOT_DOWNLOADED', 'UNMAPPED', 'SYNCED', 'ARCHIVED'];
export const SUPPLIES: Supply[] = ['STOCKED', 'MADE_TO_ORDER', 'PURCHASED'];
export const SHOWN = ['unmapped', 'low', 'archived'] as const;
export type Shown = (typeof SHOWN)[number];
export interface ProductSearch {
  tab?: 'listings' | 'synced' | 'types';
  shop?: string;
  state?: ListingState;
  q?: string;
  type?: string;
  supply?: Supply;
  show?: Shown;
}
const products = createRoute({
  getParentRoute: () => root,
  path: '/products',
  validateSearch: (search: Search): ProductSearch => ({
    tab: oneOf<'listings' | 'synced' | 'types'>(search.tab, ['listings', 'synced', 'types']),
    shop: text(search.shop),
    state: oneOf<ListingState>(search.state, LISTING_STATES),
    q: text(search.q),
    type: text(search.type),
    supply: oneOf<Supply>(search.supply, SUPPLIES),
    show: oneOf<Shown>(search.show, SHOWN),
  }),
  component: lazyRouteComponent(
    () => import('@/screens/products/ProductsScreen'),
    'ProductsScreen',
  ),
});
const stock = createRoute({
  getParentRoute: () => root,
  path: '/stock',
  validateSearch: (search: Search): { q?: string; warehouse?: string } => ({
    q: text(search.q),
    warehouse: text(search.warehouse),
  }),
  component: lazyRouteComponent(() => import('@/screens/stock/StockScreen'), 'StockScreen'),
});
const wallet = createRoute({
  getParentRoute: () => root,
  path: '/wallet',
  component: lazyRouteComponent(() => import('@/screens/wallet/WalletScreen'), 'WalletScreen'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(
    () => import('@/screens/settings/SettingsScreen'),
    'SettingsScreen',
  ),
});

const SERVICES = [
  'gateway',
  'connector',
  'order-ingest',
  'product-mapper',
  'inventory',
  'placement',
];
const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  validateSearch: (search: Search): { service?: Service } => ({
    service: oneOf<Service>(search.service, SERVICES),
  }),
  component: lazyRouteComponent(() => import('@/screens/system/SystemScreen'), 'SystemScreen'),
});

/** Ids have 18 digits and more: a search parameter is a text and nothing else. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return query === '' ? '' : `?${query}`;
}

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    setup,
    shops,
    connect,
    connecting,
    shop,
    orders,
    order,
    newOrder,
    changeOrder,
    returns,
    oneReturn,
    settlements,
    products,
    stock,
    wallet,
    settings,
    system,
  ]),
  history: createHashHistory(),
  parseSearch,
  stringifySearch,
  defaultErrorComponent: Wrong,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
