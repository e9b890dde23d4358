// Around every screen: where one is, where one can go, who one is.
import { Group, Menu, Text } from '@mantine/core';
import {
  IconBuildingStore,
  IconBuildingWarehouse,
  IconDots,
  IconHeartbeat,
  IconHome,
  IconPackage,
  IconReceipt2,
  IconReceiptRefund,
  IconSettings,
  IconShoppingCart,
  IconWallet,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me, Permission } from '@/api/types';
import { Account } from './Account';
import { LiveMark } from './LiveMark';
import classes from './Shell.module.css';

interface Place {
  to:
    | '/'
    | '/orders'
    | '/returns'
    | '/settlements'
    | '/shops'
    | '/products'
    | '/stock'
    | '/wallet'
    | '/settings'
    | '/system';
  name: string;
  icon: typeof IconHome;
  right?: Permission;
}

const PLACES: Place[] = [
  { to: '/', name: 'home', icon: IconHome },
  { to: '/orders', name: 'orders', icon: IconShoppingCart, right: 'orders.read' },
  { to: '/shops', name: 'shops', icon: IconBuildingStore, right: 'shops.read' },
  { to: '/products', name: 'products', icon: IconPackage, right: 'products.read' },
  { to: '/stock', name: 'stock', icon: IconBuildingWarehouse, right: 'stock.read' },
  { to: '/wallet', name: 'wallet', icon: IconWallet, right: 'money.read' },
  { to: '/returns', name: 'returns', icon: IconReceiptRefund, right: 'orders.read' },
  { to: '/settlements', name: 'settlements', icon: IconReceipt2, right: 'money.read' },
  { to: '/settings', name: 'settings', icon: IconSettings, right: 'settings.read' },
  { to: '/system', name: 'system', icon: IconHeartbeat, right: 'system.read' },
];

/** As many places as a phone's bar holds beside the one for more. */
const AT_HAND = 4;

export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const { t } = useTranslation();
  const places = PLACES.filter(({ right }) => !right || me.permissions.includes(right));
  return (
    <div className={classes.shell}>
      <button type="button" className={classes.skip} onClick={skipToMain}>
        {t('nav.skip')}
      </button>
      <header className={classes.header}>
        <Link to="/" className={classes.brand}>
          <img src="/sampan.svg" alt="" width={26} height={26} />
          <Text component="span" fw={700} size="lg">
            Sampan
          </Text>
        </Link>
        <Group gap="xs" wrap="nowrap">
          <LiveMark />
          <Account me={me} />
        </Group>
      </header>
      <nav className={classes.nav} aria-label={t('nav.label')}>
        {places.map(({ to, name, icon: Icon }, index) => (
          <Link
            key={to}
            to={to}
            className={classes.place}
            data-more={index >= AT_HAND || undefined}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            activeProps={{ 'data-active': true }}
          >
            <Icon size={20} aria-hidden />
            <span>{t(`nav.${name}`)}</span>
          </Link>
        ))}
        <More places={places.slice(AT_HAND)} />
      </nav>
      <main className={classes.main} id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** On phones: the places that do not fit into the bar. */
function More({ places }: { places: Place[] }) {
  const { t } = useTranslation();
  if (places.length === 0) return null;
  return (
    <Menu position="top-end" width={200}>
      <Menu.Target>
        <button type="button" className={`${classes.place} ${classes.more}`}>
          <IconDots size={20} aria-hidden />
          <span>{t('nav.more')}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {places.map(({ to, name, icon: Icon }) => (
          <Menu.Item
            key={to}
            leftSection={<Icon size={18} aria-hidden />}
            renderRoot={(props) => <Link to={to} {...props} />}
          >
            {t(`nav.${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The hash is the router's, so the jump is made by hand. */
function skipToMain(): void {
  document.getElementById('main')?.focus();
}
