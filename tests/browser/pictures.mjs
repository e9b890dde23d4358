// Looks at every screen, wide, dark and on a phone: node tests/browser/pictures.mjs [word of a name …]
//
// With invented data; or, changing nothing, on a running system: SAMPAN_URL=http://127.0.0.1:8080 SAMPAN_LOGIN=demo
// SAMPAN_PASSWORD_FILE=var/secrets/demo_password.  PICTURES names the folder they are put into.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { startMock } from './mock/server.mjs';
import { Look, openBrowser, PHONE, WIDE } from './page.mjs';
import { orders } from './mock/data.mjs';

const { env } = process;
const token = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ';
const LOCALES = new URL('../../services/gateway/web/src/i18n/locales/', import.meta.url);

/** The first button that bears a word of the dashboard's, in the language that is looked at. */
const button = (page, word, exact = true) => page.getByRole('button', { name: word, exact }).first();
const press = (...keys) => async (page, t) => {
  for (const key of keys) await button(page, t(key)).click();
};
const summary = async (page) => page.locator('summary').last().click();

/** Each with its address, and what is to be opened on it; `of` has the ids of things that show most. */
const screensOf = (of) => [
  ['home', '#/'], ['orders', '#/orders'], ['drafts', '#/orders?group=drafts'], ['nothing-found', '#/orders?q=1'],
  ['orders-filters', '#/orders?flag=CANCEL_WANTED'],
  ['order', `#/orders/${of.order}`], ['order-past', `#/orders/${of.order}?at=${of.past}`], ['order-lost', '#/orders/1-1'],
  ['order-way', `#/orders/${of.order}`, press('timeline.show')], ['order-buyer', `#/orders/${of.order}`, press('buyer.show')],
  ['order-cancel', `#/orders/${of.cancellable}`, press('cancelOrder.do')],
  ['returns', '#/returns'], ['returns-answer', '#/returns?group=to-answer'], ['return', `#/returns/${of.return}`],
  ['return-decline', `#/returns/${of.answerable}`, press('returns.decline')],
  ['settlements', '#/settlements'], ['settlements-none', '#/settlements?first=2020-01-01&last=2020-01-02'],
  ['shops', '#/shops'], ['shops-problem', '#/shops?problem=CONNECT_UNKNOWN'], ['shop', '#/shops/1'],
  ...['expired', 'well', 'left'].filter((name) => of[name]).map((name) => [`shop-${name}`, `#/shops/${of[name]}`]),
  ...['imports', 'completeness', 'activity', 'tasks', 'notices', 'settings'].map((tab) => [`shop-${tab}`, `#/shops/1?tab=${tab}`]),
  ['shop-run', `#/shops/1?run=${of.run}`], ...(of.left ? [['shop-left-settings', `#/shops/${of.left}?tab=settings`]] : []),
  ['connect', '#/shops/connect'], ...(of.connect ? [['choose', `#/shops/connect/${of.connect}`]] : []),
  ['goods', '#/products'], ['goods-none', '#/products?q=nothing-has-this'],
  ['goods-new', '#/products', press('goods.new')], ['goods-product', '#/products', press('goods.newProduct')],
  ['goods-one', '#/products', async (page) => {
    await page.locator('[role=table] tbody button').first().click();
    await summary(page);
  }],
  ['goods-bundle', `#/products?q=${of.bundle}`, async (page) => page.locator('[role=table] tbody button').first().click()],
  ['goods-import', '#/products', press('products.import')],
  ['goods-export', '#/products', async (page, t) => {
    await button(page, t('goods.export')).click();
    await page.getByRole('menuitem', { name: t('goods.exportXlsx') }).click();
  }],
  ['types', '#/products?tab=types'],
  ['type', '#/products?tab=types', async (page) => {
    await page.locator('article button').first().click();
    await summary(page);
  }],
  ['listings', '#/products?tab=listings'], ['synced', '#/products?tab=synced'],
  ['match', '#/products?tab=listings', press('match.suggested')], ['parts', '#/products?tab=synced', press('match.parts')],
  ['designs', '#/products?tab=listings', press('designs.open')],
  ['stock', '#/stock'], ['wallet', '#/wallet'], ['settings', '#/settings'],
  ['status-preview', '#/settings', async (page, t) => {
    await page.locator('section[aria-labelledby=statuses] select').first().selectOption({ index: 2 });
    await button(page, t('statusTable.look')).click();
  }],
  ['system', '#/system'], ['lost', '#/nowhere'],
];
const WAYS = {
  wide: { viewport: WIDE },
  dark: { viewport: WIDE, colorScheme: 'dark' },
  phone: { viewport: PHONE, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

const wanted = process.argv.slice(2);
const isWanted = (name) => wanted.length === 0 || wanted.some((word) => name.includes(word));
const look = new Look(env.PICTURES ?? join(tmpdir(), 'sampan-pictures'));
const browser = await openBrowser();

/** Containers that start beside us change the machine's network, and Chromium drops what it was loading: look again. */
async function visit(page, address, name, open, tries = 3) {
  const before = look.faults.length;
  await visitOnce(page, address, name, open).catch((error) => look.stopped(error, page));
  if (tries > 1 && look.faults.slice(before).some((fault) => fault.includes('ERR_NETWORK_CHANGED'))) {
    look.faults.length = before;
    await visit(page, address, name, open, tries - 1);
  }
}

async function visitOnce(page, address, name, open) {
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('h1, h3, [role=alert]').first().waitFor();
  await open?.();
  await page.locator('[role=status] .mantine-Loader-root').first().waitFor({ state: 'detached' }).catch(() => undefined);
  await page.waitForTimeout(700);
  const dialog = await page.getByRole('dialog').count();
  await look.picture(page, name, !dialog && !/^orders|^listings|^synced/.test(name));
  await look.axe(page, name);
  await look.noSidewaysScroll(page, name);
}

const WAIT_MS = 10_000;
const system = env.SAMPAN_URL?.replace(/\/$/, '');

async function signIn(request) {
  const data = { login: env.SAMPAN_LOGIN ?? 'demo', password: readFileSync(env.SAMPAN_PASSWORD_FILE, 'utf8').trim() };
  const answer = await request.post(`${system}/api/v1/session`, { data });
  if (!answer.ok()) throw new Error(`the sign-in was answered with ${answer.status()}`);
}

/** What the running system has to show. */
async function found() {
  const context = await browser.newContext();
  const { request } = context;
  await signIn(request);
  const items = async (what) => (await (await request.get(`${system}/api/v1/${what}`)).json()).items ?? [];
  const first = async (...what) => (await Promise.all(what.map(items))).flat()[0]?.id;
  const order = await first('orders?hub=IN_TRANSIT&limit=1', 'orders?limit=1');
  const { history } = await (await request.get(`${system}/api/v1/orders/${order}`)).json();
  // Told in whole seconds.
  const accepted = history.findLast(({ accepted_at }) => accepted_at)?.accepted_at;
  const ids = {
    order, past: accepted && new Date(Date.parse(accepted) + 999).toISOString(), cancellable: await first('orders?stage=AWAITING_SHIPMENT&limit=1', 'orders?limit=1'),
    return: await first('returns?limit=1'), answerable: await first('returns?state=TO_ANSWER&limit=1'),
    run: await first('import-runs?limit=1'), left: await first('shops?disconnected=true'),
    bundle: (await items('variants?limit=200')).find(({ parts }) => parts.length > 0)?.sku ?? '',
  };
  await context.close();
  return ids;
}

const INVENTED = {
  order: orders[0].id, past: '2026-11-25T10:00:00Z', cancellable: orders[0].id, return: '1-9002', answerable: '1-9001', run: '7',
  expired: '3', well: '4', left: '6', connect: 'c0ffee', bundle: 'TEE-4',
};

async function screens(way, language, list, state) {
  const mock = system ? null : await startMock(0, state);
  const base = system ?? mock.url;
  const page = await look.page(browser, { ...WAYS[way], locale: language }, [401, 404]);
  page.setDefaultTimeout(WAIT_MS);
  if (system) {
    await signIn(page.request);
    await page.addInitScript((word) => location.protocol === 'about:' || localStorage.setItem('sampan.language', word), language);
  }
  const words = JSON.parse(readFileSync(new URL(`${language}.json`, LOCALES), 'utf8'));
  const t = (key) => key.split('.').reduce((part, name) => part[name], words);
  for (const [name, hash, open] of list) {
    const full = `${name}-${way}${language === 'en' ? '' : `-${language}`}`;
    if (isWanted(full)) await visit(page, `${base}/${hash}`, full, open && (() => open(page, t)));
  }
  await page.context().close();
  mock?.server.close();
  mock?.server.closeAllConnections();
}

const full = { signedIn: true };
// What the system has none of cannot be shown.
const SCREENS = screensOf(system ? await found() : INVENTED).filter(([, hash]) => !hash.includes('undefined'));
for (const way of Object.keys(WAYS)) {
  await screens(way, 'en', SCREENS, full);
  if (!system)
    await screens(way, 'en', [['sign-in', ''], ['sign-in-problem', '#/shops?problem=CONNECT_ELSEWHERE'], ['setup', `#/setup?token=${token}`]], {});
}
if (!system) {
  const empty = ['home', 'shops', 'orders', 'stock', 'returns', 'settlements', 'types', 'listings', 'goods', 'shop-completeness', 'shop-tasks', 'shop-notices'];
  await screens('wide', 'en', SCREENS.filter(([name]) => empty.includes(name)).map(([name, hash]) => [`${name}-empty`, hash]), { ...full, empty: true });
  await screens('wide', 'en', [['not-set-up', '']], { setUp: false });
}
for (const language of ['vi', 'th', 'zh']) await screens('phone', language, SCREENS, { ...full, language });
await screens('wide', 'vi', SCREENS, { ...full, language: 'vi' });
await browser.close();
process.exitCode = look.report('screens');
