// Looks at every screen with invented data, wide, dark and on a phone: node tests/browser/pictures.mjs [word of a name …]
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { startMock } from './mock/server.mjs';
import { Look, openBrowser, PHONE, WIDE } from './page.mjs';
import { orders } from './mock/data.mjs';

const token = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ';
const SCREENS = [
  ['home', '#/'], ['orders', '#/orders'], ['drafts', '#/orders?group=drafts'], ['nothing-found', '#/orders?q=1'],
  ['order', `#/orders/${orders[0].id}`], ['order-past', `#/orders/${orders[0].id}?at=2026-11-25T10:00:00Z`], ['order-lost', '#/orders/1-1'], ['shops', '#/shops'],
  ['shops-problem', '#/shops?problem=CONNECT_UNKNOWN'], ['shop', '#/shops/1'], ['shop-expired', '#/shops/3'], ['shop-well', '#/shops/4'], ['shop-left', '#/shops/6'],
  ['shop-imports', '#/shops/1?run=7'], ['shop-complete', '#/shops/1?tab=completeness'], ['shop-activity', '#/shops/1?tab=activity'],
  ['shop-tasks', '#/shops/1?tab=tasks'], ['shop-notices', '#/shops/1?tab=notices'], ['shop-settings', '#/shops/4?tab=settings'],
  ['shop-left-settings', '#/shops/6?tab=settings'], ['connect', '#/shops/connect'],
  ['choose', '#/shops/connect/c0ffee'], ['products', '#/products'], ['listings', '#/products?tab=listings'], ['synced', '#/products?tab=synced'],
  ['stock', '#/stock'], ['wallet', '#/wallet'], ['settings', '#/settings'], ['system', '#/system'], ['lost', '#/nowhere'],
];
const WAYS = {
  wide: { viewport: WIDE },
  dark: { viewport: WIDE, colorScheme: 'dark' },
  phone: { viewport: PHONE, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

const wanted = process.argv.slice(2);
const isWanted = (name) => wanted.length === 0 || wanted.some((word) => name.includes(word));
const look = new Look(process.env.PICTURES ?? join(tmpdir(), 'sampan-pictures'));
const browser = await openBrowser();

/** Containers that start beside us change the machine's network, and Chromium drops what it was loading: look again. */
async function visit(page, base, hash, name, tries = 3) {
  const before = look.faults.length;
  await visitOnce(page, base, hash, name);
  if (tries > 1 && look.faults.slice(before).some((fault) => fault.includes('ERR_NETWORK_CHANGED'))) {
    look.faults.length = before;
    await visit(page, base, hash, name, tries - 1);
  }
}

async function visitOnce(page, base, hash, name) {
  await page.goto('about:blank');
  await page.goto(`${base}/${hash}`);
  await page.locator('h1, h3, [role=alert]').first().waitFor();
  await page.waitForTimeout(700);
  await look.picture(page, name, !name.startsWith("orders"));
  await look.axe(page, name);
  await look.noSidewaysScroll(page, name);
}

async function screens(way, language, list, state) {
  const mock = await startMock(0, state);
  const page = await look.page(browser, { ...WAYS[way], locale: language }, [401, 404]);
  for (const [name, hash] of list) {
    const full = `${name}-${way}${language === 'en' ? '' : `-${language}`}`;
    if (isWanted(full)) await visit(page, mock.url, hash, full);
  }
  await page.context().close();
  mock.server.close();
  mock.server.closeAllConnections();
}

const full = { signedIn: true };
for (const way of Object.keys(WAYS)) {
  await screens(way, 'en', SCREENS, full);
  await screens(way, 'en', [['sign-in', ''], ['sign-in-problem', '#/shops?problem=CONNECT_ELSEWHERE'], ['setup', `#/setup?token=${token}`]], {});
}
await screens('wide', 'en', [['home-empty', '#/'], ['shops-empty', '#/shops'], ['orders-empty', '#/orders'], ['stock-empty', '#/stock']], { signedIn: true, empty: true });
await screens('wide', 'en', [['not-set-up', '']], { setUp: false });
for (const language of ['vi', 'th', 'zh']) await screens('phone', language, SCREENS, { ...full, language });
await screens('wide', 'vi', SCREENS, { ...full, language: 'vi' });
await browser.close();
process.exitCode = look.report('screens');
