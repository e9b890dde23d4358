// What a seller does, in a real browser, against a running system; fails on any error of the console and any fault that
// axe finds.
//
//   SAMPAN_URL=http://127.0.0.1:8080 SAMPAN_LOGIN=demo SAMPAN_PASSWORD_FILE=var/secrets/demo_password \
//       node tests/browser/walk.mjs
//
// Changes nothing, unless SAMPAN_WALK_PLACE=1: then it places the orders it ticked.  Without SAMPAN_URL it walks through
// invented data.  PICTURES names the folder for screenshots.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMock } from './mock/server.mjs';
import { Look, openBrowser, PHONE, PIXEL, WIDE } from './page.mjs';

const { env } = process;
const mock = env.SAMPAN_URL ? null : await startMock();
const base = (env.SAMPAN_URL ?? mock.url).replace(/\/$/, '');
const login = env.SAMPAN_LOGIN ?? 'demo';
const password = env.SAMPAN_PASSWORD_FILE
  ? readFileSync(env.SAMPAN_PASSWORD_FILE, 'utf8').trim()
  : (env.SAMPAN_PASSWORD ?? 'demo-password');

const look = new Look(env.PICTURES ?? join(tmpdir(), 'sampan-walk'));
const browser = await openBrowser();
// As they should be: before the sign-in "who am I" is answered with 401, a SKU that is taken with 409, a file that is no
// design with 422.
const page = await look.page(browser, { locale: 'en-GB' }, [401, 409, 422]);
let step = 0;

async function see(name) {
  await page.waitForLoadState('domcontentloaded');
  await page.locator('[role=status] .mantine-Loader-root').first().waitFor({ state: 'detached' }).catch(() => undefined);
  await page.waitForTimeout(400);
  const full = `${String(++step).padStart(2, '0')}-${name}`;
  await look.picture(page, full);
  await look.axe(page, full);
  await look.noSidewaysScroll(page, full);
}

const heading = () => page.locator('h1').first();
const rows = () => page.locator('[role=table] [role=row][data-index]');

async function go(hash) {
  await page.evaluate((to) => { location.hash = to; }, hash);
  await heading().waitFor();
}

async function signIn() {
  await page.goto(`${base}/`);
  await page.locator('input[name=login]').waitFor();
  await see('sign-in');
  await page.locator('input[name=login]').fill(login);
  await page.locator('input[name=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.locator('nav').first().waitFor();
  await see('home');
}

const TABS = ['Imports', 'Completeness', 'Activity', 'Asked of TikTok', 'Notices', 'Settings'];

async function shops() {
  await go('#/shops');
  const shop = page.locator('article h3 a').first();
  await shop.waitFor();
  await see('shops');
  await shop.click();
  await page.waitForURL(/#\/shops\/\d+/);
  await page.getByRole('heading', { name: 'Set-up in four steps' }).waitFor();
  await see('shop');
  for (const name of TABS) {
    await page.getByRole('navigation', { name: 'About this shop' }).getByRole('link', { name, exact: true }).click();
    await page.waitForURL(/tab=\w+/);
    await page.locator('main section h2').first().waitFor();
    await see(`shop-${name.toLowerCase().replaceAll(' ', '-')}`);
  }
  await go('#/shops/connect');
  await see('connect');
}

/** What a shop's state leads to; with invented data alone, which has a shop in each. */
async function shopStates() {
  if (!mock) return;
  await go('#/shops');
  const expired = page.locator('article', { hasText: 'Needs your consent' });
  await expired.getByRole('link', { name: 'Agree again' }).click();
  await page.waitForURL(/#\/shops\/connect\?/);
  await go('#/shops');
  await page.locator('article', { hasText: 'Old river' }).getByRole('link', { name: 'Connect again' }).waitFor();
  assert.equal(await page.locator('article', { hasText: 'River mugs' }).getByText('Connected', { exact: true }).count(), 1);
  await page.getByRole('button', { name: 'No, drop it' }).click();
  await page.getByText('The agreement was dropped').waitFor();
  await page.getByText('A connection waits for you').waitFor({ state: 'detached' });
  await go('#/shops/1?tab=completeness');
  await page.getByText(/TikTok lists [\d,]+, we hold [\d,]+, difference 2/).waitFor();
  await page.getByText('2 listed and not here').click();
  await page.getByText('576461413038785765').waitFor();
  await see('shop-difference');
  await go('#/shops/1?tab=activity');
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByRole('cell', { name: 'connected', exact: true }).waitFor();
  await go('#/shops/1?tab=tasks');
  await page.getByText('“Not known yet” is no failure').waitFor();
  await page.getByLabel('Which').selectOption('open');
  await page.getByText('Cancel the order').waitFor({ state: 'detached' });
  await go('#/shops/1?tab=notices');
  await page.getByText('Unknown kind 99').waitFor();
}

/** What became of each order of an import, and another try for those that are not ready. */
async function importRuns() {
  if (!mock) return;
  await go('#/shops/1?tab=imports');
  await page.getByRole('button', { name: '5 orders' }).click();
  await page.getByText('Product Cốc sứ in tên is not downloaded yet').waitFor();
  await page.getByText('Product Cốc sứ in tên is downloaded but not paired').waitFor();
  await page.getByLabel('Result').selectOption({ label: 'Failed' });
  await page.getByText('the amount is out of range').waitFor();
  await page.getByText('is not downloaded yet').waitFor({ state: 'detached' });
  assert.match(await page.getByRole('link', { name: 'Download as CSV' }).getAttribute('href'), /runs\/7\/lines\.csv\?result=FAILED$/);
  await page.getByRole('button', { name: 'Load again what is not ready' }).click();
  await page.getByText('3 orders are being loaded again').waitFor();
  await page.getByText(/^loaded again/).waitFor();
  await see('import-run');
}

async function shopSettings() {
  if (!mock) return;
  await go('#/shops/4?tab=settings');
  await page.getByLabel('Name here').fill('River cups');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByRole('heading', { level: 1, name: 'River cups' }).waitFor();
  await page.getByLabel('Name here').fill(' ');
  await page.getByText('Give the shop a name.').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled(), 'a shop needs a name');
  await page.getByLabel('Orders to fetch').selectOption('range');
  assert.ok(await page.getByRole('button', { name: 'Fetch these orders' }).isDisabled(), 'a range needs its days');
  await page.getByLabel('Orders to fetch').selectOption('days');
  await page.getByRole('button', { name: 'Fetch these orders' }).click();
  await page.getByText('Loading has begun').waitFor();
  await page.getByText('The history is being loaded already').waitFor();
  await see('shop-settings-changed');
  await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await page.getByRole('dialog').getByRole('checkbox').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click();
  await page.getByRole('alert').getByText('This shop is disconnected').waitFor();
}

const count = async (link) => Number((await link.innerText()).replace(/\D/g, ''));

async function orders() {
  await go('#/orders');
  await rows().first().waitFor();
  await see('orders');
  const tabs = page.locator('nav[aria-label="Orders by stage"] a');
  const counts = [];
  for (const tab of await tabs.all()) counts.push(await count(tab));
  const [all, ...groups] = counts;
  assert.ok(all > 0, 'there are orders');
  assert.ok(groups.reduce((sum, value) => sum + value, 0) <= all, `the groups ${groups} fit into all ${all}`);
  const drafts = tabs.nth(1);
  if (groups[0] > 0) {
    await drafts.click();
    await page.waitForURL(/group=drafts/);
    await rows().first().waitFor();
    await see('drafts');
    const words = await rows().first().innerText();
    assert.ok(/Unsync|Not ready/.test(words), `a draft says so: ${words}`);
  }
}

async function oneOrder() {
  // The list stands still under the pointer; elsewhere it follows what happens.
  await rows().first().hover();
  await page.waitForTimeout(500);
  const link = rows().first().locator('a').first();
  const id = await link.innerText();
  await link.click();
  await page.waitForURL(/#\/orders\//);
  await page.getByRole('heading', { level: 1, name: id }).waitFor();
  await page.locator('#conditions').waitFor();
  await page.locator('section[aria-labelledby=conditions] li').first().waitFor();
  await see('order');
  if (mock) {
    await page.getByRole('button', { name: 'Get the label' }).click();
    await page.getByText('Being fetched …').waitFor();
    assert.match(await page.getByRole('link', { name: 'Open the label' }).getAttribute('href'), /^https:/);
  }
  await go(`#/orders?q=${id}`);
  await page.waitForFunction(() => document.querySelectorAll('[role=row][data-index]').length === 1);
  await see('search');
}

async function specialOrders() {
  if (!mock) return;
  await go('#/orders');
  await rows().first().waitFor();
  await page.getByText('Several parcels').first().waitFor();
  const shipped = page.getByRole('navigation', { name: 'TikTok tab' }).getByRole('link', { name: /^Shipped/ });
  assert.match(await shipped.innerText(), /[1-9]/, 'with its count');
  await shipped.click();
  await page.waitForURL(/tab=SHIPPED/);
  await see('channel-tab');
  await shipped.click();
  await page.waitForURL((url) => !url.href.includes('tab='));
  await page.getByRole('button', { name: 'More filters' }).click();
  await page.getByLabel('Special').selectOption({ label: 'Sample' });
  await page.waitForURL(/flag=SAMPLE/);
  await page.waitForFunction(() => document.querySelectorAll('[role=row][data-index]').length === 1);
  await see('special');
  await page.getByLabel('Order of the list').selectOption({ label: 'Most urgent first' });
  await page.waitForURL(/sort=ship_by/);
}

/** On ticked orders, each with its result; then the list of one tag, and a tag's end. */
async function tags() {
  if (!mock) return;
  await go('#/orders');
  await rows().first().waitFor();
  await rows().first().getByText('Gift', { exact: true }).waitFor();
  for (const index of [0, 1]) await rows().nth(index).locator('input[type=checkbox]').check();
  await page.getByRole('button', { name: 'Tags', exact: true }).click();
  await dialog().getByLabel('Gift').check();
  await dialog().getByLabel('New tag').fill('Call first');
  await dialog().getByLabel('Colour').selectOption({ label: 'Blue' });
  await dialog().getByRole('button', { name: 'Make' }).click();
  await dialog().getByLabel('Call first').waitFor();
  await see('tags');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Ten tags at most').first().waitFor();
  await see('tag-results');
  await dialog().getByRole('button', { name: 'Close', exact: true }).last().click();
  await page.getByRole('button', { name: 'Untick' }).click();
  await go('#/orders?tag=3');
  await page.waitForFunction(() => document.querySelectorAll('[role=row][data-index]').length === 1);
  await page.getByRole('button', { name: 'More filters (1)' }).waitFor();
  await go('#/settings');
  await page.getByLabel('Call first: Name').fill('Call last');
  await page.locator('section[aria-labelledby=tags]').getByRole('button', { name: 'Save', exact: true }).nth(2).click();
  await page.getByRole('button', { name: 'Delete: Call last' }).click();
  await see('tag-delete');
  await dialog().getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByLabel('Call last: Name').waitFor({ state: 'detached' });
}

/** Written, changed and deleted; what it said stays to be read. */
async function notes() {
  if (!mock) return;
  await go('#/orders');
  await rows().first().locator('a').first().click();
  const section = page.locator('section[aria-labelledby=notes]');
  assert.ok(await section.getByRole('button', { name: 'Add' }).isDisabled(), 'a note says something');
  await section.getByLabel('New note').fill('wrap it\nin red');
  await section.getByRole('button', { name: 'Add' }).click();
  await section.getByText('wrap it').waitFor();
  await section.getByRole('button', { name: 'Change' }).click();
  await section.getByLabel('Change').fill('wrap it in blue');
  await section.getByRole('button', { name: 'Save' }).click();
  await section.getByText('wrap it in blue').waitFor();
  await section.getByRole('button', { name: 'Earlier versions' }).click();
  await section.getByText('in red').waitFor();
  await see('notes');
  await section.getByRole('button', { name: 'Delete' }).click();
  await dialog().getByRole('button', { name: 'Delete', exact: true }).click();
  await section.getByText('(deleted)').waitFor();
  await page.getByText('demo put a tag on · Gift').waitFor();
  await section.getByText('wrap it in blue').waitFor();
}

async function thePast() {
  if (!mock) return;
  await go('#/orders');
  await rows().first().locator('a').first().click();
  await page.getByText('together with').waitFor();
  await page.getByRole('heading', { name: 'Way through the services' }).waitFor();
  await page.locator('section[aria-labelledby=timeline]').getByRole('button', { name: 'Show' }).click();
  await page.getByRole('cell', { name: 'channel.order' }).waitFor();
  await page.getByRole('cell', { name: 'Changed at TikTok Shop' }).waitFor();
  await page.getByText(/^No answer from/).waitFor();
  await see('timeline');
  await page.getByRole('link', { name: 'as it was' }).last().click();
  await page.getByText(/^As it was on/).waitFor();
  for (const name of ['Place', 'Sync products', 'Forget the buyer'])
    assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, 'nothing can be done to what was');
  await see('past');
  await page.getByRole('link', { name: 'Show it as it is now' }).click();
  await page.getByText(/^As it was on/).waitFor({ state: 'detached' });
}

async function statusTable() {
  if (!mock) return;
  await go('#/settings');
  const look = page.getByRole('button', { name: 'See what changes' });
  await look.waitFor();
  assert.ok(await look.isDisabled(), 'nothing is changed yet');
  await page.getByLabel('AWAITING_DRONE: shown as').selectOption({ label: 'In transit' });
  await page.getByLabel('AWAITING_DRONE: group').selectOption({ label: 'Delivering' });
  await page.getByLabel('In transit: shown as').selectOption({ label: 'Success' });
  await look.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('In transit: In transit → Success').waitFor();
  await see('status-preview');
  await dialog.getByRole('button', { name: /^Save;/ }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('default again').first().waitFor();
  await page.getByText('Who changed it').click();
  await page.getByText(/demo · .*Success/).waitFor();
  await see('status-table');
}

async function place() {
  await go('#/orders?group=drafts');
  await rows().first().waitFor();
  await page.waitForTimeout(500);
  for (const index of [0, 1]) await rows().nth(index).locator('input[type=checkbox]').check();
  await see('ticked');
  await page.getByRole('button', { name: /^Place 2 orders/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Place 2 orders/ }).waitFor();
  await see('place-ask');
  if (mock || env.SAMPAN_WALK_PLACE === '1') {
    await page.getByRole('dialog').getByRole('button', { name: /^Place 2 orders/ }).click();
    await page.getByText('What became of them').waitFor();
    await see('place-results');
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click();
  } else {
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  }
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Written down, changed, and from a file. */
async function byHand() {
  if (!mock) return;
  const dialog = page.getByRole('dialog');
  await go('#/orders');
  await page.getByRole('link', { name: 'New order' }).click();
  await page.waitForURL(/#\/orders\/new/);
  const save = page.getByRole('button', { name: 'Save', exact: true });
  assert.ok(await save.isDisabled(), 'an order has lines');
  await page.getByLabel('Your reference').fill('SHOPEE-77');
  await page.getByLabel('Search your goods by name or SKU').fill('cotton 7');
  await page.getByRole('button', { name: /TEE-7/ }).first().click();
  await page.getByRole('button', { name: 'Add a line' }).click();
  const second = page.getByRole('group', { name: 'Line 2' });
  await second.getByLabel('SKU').fill('WHAT IS THIS');
  await second.getByLabel('Units').fill('0');
  assert.ok(await save.isDisabled(), 'a line has units');
  await second.getByLabel('Units').fill('3');
  await second.getByLabel('Price').fill('12.90');
  await page.getByLabel('Name', { exact: true }).fill('Nguyễn Linh');
  await page.getByLabel('Phone', { exact: true }).fill('0912 345 678');
  await see('new-order');
  await save.click();
  await page.getByRole('heading', { level: 1, name: 'Order SHOPEE-77' }).waitFor();
  await page.getByText('By hand').first().waitFor();
  await page.getByText('0912 345 678').waitFor();
  await page.getByText('£38.70').first().waitFor();
  await see('order-by-hand');
  await page.getByRole('link', { name: 'Change', exact: true }).click();
  await page.getByRole('group', { name: 'Line 2' }).getByLabel('Units').fill('1');
  await page.getByRole('button', { name: 'Take line 1 away' }).click();
  assert.equal(await page.getByRole('group', { name: 'Line 1' }).getByLabel('SKU').inputValue(), 'WHAT IS THIS');
  await see('change-order');
  await save.click();
  await page.getByText('£12.90').first().waitFor();
  await go('#/orders');
  await page.getByRole('button', { name: 'Import orders' }).click();
  await dialog.locator('input[type=file]').setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from('reference\n') });
  await dialog.getByRole('button', { name: 'Check' }).click();
  await dialog.getByText(/Line 4 X-2: A line has 1 to 10,000 units/).waitFor();
  await dialog.getByText(/X-3: It is placed already/).waitFor();
  await see('import-orders');
  await dialog.getByRole('button', { name: 'Import one order' }).click();
  await dialog.getByText('What came of it').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
}

/** What is not cancelled takes a reason; what was deleted is listed, and comes back. */
async function deletions() {
  if (!mock) return;
  const dialog = page.getByRole('dialog');
  const close = () => dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await go('#/orders?group=drafts');
  await rows().first().waitFor();
  const id = await rows().first().locator('a').first().innerText();
  const tick = () => page.getByLabel(`Tick order ${id}`).check();
  await tick();
  await page.getByRole('button', { name: 'Delete one order' }).click();
  await dialog.getByRole('button', { name: 'Delete one order' }).click();
  await dialog.getByText('It is not cancelled at TikTok').waitFor();
  await see('delete-refused');
  await close();
  await tick();
  await page.getByRole('button', { name: 'Delete one order' }).click();
  await dialog.getByLabel('Delete also what is not cancelled').check();
  assert.ok(await dialog.getByRole('button', { name: 'Delete one order' }).isDisabled(), 'a reason is needed');
  await dialog.getByLabel('Reason').fill('a test order');
  await see('delete-ask');
  await dialog.getByRole('button', { name: 'Delete one order' }).click();
  await dialog.getByText('Deleted', { exact: true }).first().waitFor();
  await close();
  await page.locator('nav[aria-label="Orders by stage"] a', { hasText: 'Deleted' }).click();
  await page.waitForURL(/group=deleted/);
  await page.waitForFunction(() => document.querySelectorAll('[role=row][data-index]').length === 1);
  await see('deleted');
  assert.equal(await page.getByRole('button', { name: /^Place/ }).count(), 0, 'what is deleted is not placed');
  await rows().first().hover();
  await rows().first().locator('a').first().click();
  await page.getByText(/^Deleted by demo/).waitFor();
  await see('deleted-order');
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await dialog.getByRole('button', { name: 'Restore one order' }).click();
  await dialog.getByText('Restored', { exact: true }).first().waitFor();
  await close();
  await page.getByText(/^Deleted by demo/).waitFor({ state: 'detached' });
}

async function returns() {
  await go('#/returns');
  await page.locator('nav[aria-label="Returns by state"]').waitFor();
  await see('returns');
  if (!mock) return;
  await page.getByRole('link', { name: "Buyer's cancellation" }).click();
  await page.getByRole('button', { name: 'Decline', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const decline = dialog.getByRole('button', { name: 'Decline', exact: true });
  assert.ok(await decline.isDisabled(), 'who declines gives a reason');
  await dialog.getByLabel('Why you decline').selectOption({ label: 'Product has been packed' });
  await see('decline');
  await decline.click();
  await page.getByText('Decline the cancellation · demo · Product has been packed').waitFor();
  await page.getByText('Cancellation asked for').first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Accept', exact: true }).count(), 0, 'it is answered');
  await see('return');
}

async function cancelOne() {
  if (!mock) return;
  await go('#/orders');
  await rows().first().locator('a').first().click();
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What').selectOption({ label: 'Single units' });
  await dialog.getByLabel('Reason').selectOption({ label: 'Out of stock' });
  const doIt = dialog.getByRole('button', { name: 'Cancel these units' });
  assert.ok(await doIt.isDisabled(), 'no unit is chosen');
  await dialog.getByLabel(/^2\. /).fill('1');
  await see('cancel-units');
  await doIt.click();
  await page.getByText('Cancel units of lines: 1 × 2 · demo').waitFor();
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await dialog.getByLabel('Reason').selectOption({ label: 'Out of stock' });
  await see('cancel-order');
  await dialog.getByRole('button', { name: 'Cancel the order' }).click();
  await page.getByText('Cancel the order · demo').waitFor();
  await see('cancelled');
}

async function listings() {
  await go('#/products?tab=listings');
  const cards = page.locator('article');
  await cards.first().waitFor();
  await see('listings');
  const tabs = page.locator('nav[aria-label=Products] a');
  const all = await count(tabs.nth(1));
  const synced = await count(tabs.nth(2));
  assert.ok(all >= synced && all > 0, `of ${all} listings ${synced} are linked or ordered`);
  if (mock) assert.equal(await cards.count(), all, 'the count is what is listed');
  await tabs.nth(2).click();
  await page.waitForURL(/tab=synced/);
  await see('synced');
  if (mock) assert.equal(await cards.count(), synced, 'the count is what is listed');
  await go('#/products?tab=listings&state=NOT_DOWNLOADED');
  await page.waitForTimeout(500);
  await see('not-downloaded');
  if (!mock) return;
  await cards.first().getByRole('button', { name: 'Download' }).click();
  await page.getByText('it appears here within a minute').waitFor();
}

const dialog = () => page.getByRole('dialog');

/** One product's SKUs matched, with what will follow said beforehand and shown as it happens. */
async function matching() {
  await go('#/products?tab=listings');
  await page.getByRole('button', { name: 'Match listings' }).click();
  await dialog().getByRole('radiogroup').first().waitFor();
  // A running system has linked such by itself.
  await dialog().getByText(mock ? /^same seller SKU/ : /of 100$/).first().waitFor();
  await see('match');
  if (!mock) return dialog().getByRole('button', { name: 'Cancel' }).click();
  await dialog().getByRole('button', { name: /certain ones$/ }).click();
  await dialog().getByText(/waiting orders will become ready/).waitFor();
  await see('match-sure');
  await dialog().getByLabel('Search your goods by name or SKU').nth(1).fill('cotton 7');
  await dialog().getByRole('button', { name: /TEE-7/ }).first().click();
  await dialog().getByRole('button', { name: /^Sync \d/ }).click();
  await dialog().getByText(/of 10,000 orders have followed/).waitFor();
  await see('match-progress');
  await dialog().getByText('10,000 of 10,000 orders have followed').waitFor();
  await dialog().getByText(/One of the goods is not known/).waitFor();
  await dialog().getByRole('button', { name: 'Close', exact: true }).last().click();
  await page.getByRole('button', { name: 'Parts' }).first().click();
  await dialog().getByText('How this link changed').waitFor();
  await see('link-history');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
}

/** From the order: its lines that are not linked, and a new thing made on the spot. */
async function matchingFromTheOrder() {
  await go('#/orders?group=drafts');
  await rows().first().waitFor();
  await rows().first().hover();
  await page.waitForTimeout(500);
  await rows().first().locator('a').first().click();
  await page.waitForURL(/#\/orders\//);
  await page.locator('section[aria-labelledby=lines]').waitFor();
  await page.waitForTimeout(500);
  if (!mock) return;
  await page.getByText('Áo thun cotton 1 (cái)').waitFor();
  await page.getByRole('button', { name: 'Sync products' }).click();
  await dialog().getByRole('radiogroup').first().waitFor();
  await see('order-match');
  await dialog().getByRole('button', { name: 'Add new' }).first().click();
  const form = page.getByRole('dialog', { name: /^New goods for/ });
  await form.getByLabel('SKU').fill('');
  assert.ok(await form.getByRole('button', { name: 'Create and link' }).isDisabled(), 'a SKU is needed');
  await form.getByLabel('SKU').fill('MUG-NEW');
  await see('order-new-goods');
  await form.getByRole('button', { name: 'Create and link' }).click();
  await page.getByText('Linked; 14 orders follow').waitFor();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
}

const file = (name, mimeType = 'image/png') => ({ name, mimeType, buffer: PIXEL });

/** One file for all ticked SKUs, several by their names, and lines that have their own. */
async function designs() {
  await go('#/products?tab=listings');
  await page.getByRole('button', { name: 'Designs' }).nth(mock ? 1 : 0).click();
  await dialog().getByText('Personalised product').waitFor();
  await see('designs');
  if (!mock) return page.keyboard.press('Escape');
  const choose = async (name, files) => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), dialog().getByRole('button', { name }).click()]);
    await chooser.setFiles(files);
  };
  await choose('Upload a design for the ticked', [file('front.png')]);
  await dialog().getByRole('link', { name: 'Design of MUG-BLUE' }).waitFor();
  await choose('Upload files named by SKU', [file('MUG-RED.png'), file('logo.png'), file('notes.txt'), file('notes.txt')]);
  await dialog().getByText('file-0.png → MUG-RED').waitFor();
  await dialog().getByText(/no SKU in its name/).waitFor();
  await dialog().getByText(/notes.txt: This is no whole PNG/).first().waitFor();
  await see('designs-uploaded');
  await dialog().getByLabel('Personalised product').click({ force: true });
  await dialog().getByRole('switch', { checked: true }).waitFor();
  await page.keyboard.press('Escape');
  await go('#/orders?group=drafts');
  await rows().first().waitFor();
  await rows().first().hover();
  await page.waitForTimeout(500);
  const asked = '**/api/v1/orders/*/designs';
  await page.route(asked, (route) => route.fulfill({ status: 409, contentType: 'application/problem+json', body: '{"code":"UNREAD"}' }));
  await rows().first().locator('a').first().click();
  await page.getByText('UNREAD').first().waitFor();
  assert.equal(await page.getByText('Design missing').count(), 0, 'what was not read is not missing');
  await page.unroute(asked);
  await go('#/orders?group=drafts');
  await rows().first().waitFor();
  await rows().first().locator('a').first().click();
  await page.getByText('Design missing').waitFor();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Upload design' }).click()]);
  await chooser.setFiles([file('for-anna.png')]);
  await page.getByRole('link', { name: 'for-anna.png' }).waitFor();
  await see('line-design');
}

async function goods() {
  await go('#/products');
  await page.getByRole('table', { name: 'Your goods' }).waitFor();
  await see('goods');
  if (!mock) return;
  await page.getByLabel('Filter').selectOption({ label: 'Data missing' });
  await page.waitForURL(/show=low/);
  await page.getByRole('button', { name: 'TEE-1', exact: true }).click();
  await dialog().getByText('History').click();
  await dialog().getByText('Name: Áo thun → Áo thun cotton 1').waitFor();
  await dialog().getByText('Cost: £9.00 → £9.90').waitFor();
  await dialog().getByText('Supply: Made to order → Kept in stock').waitFor();
  await dialog().getByRole('button', { name: 'Archive' }).click();
  await dialog().getByText('3 listing SKUs are made of it').waitFor();
  await see('goods-one');
  await dialog().getByRole('textbox', { name: 'SKU', exact: true }).fill('TAKEN');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('SKU_TAKEN').waitFor();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'New product' }).click();
  await dialog().getByLabel('Product type').selectOption({ label: 'T-shirt' });
  await dialog().getByLabel('Name of the product').fill('Áo thun');
  await dialog().getByLabel('SKUs begin with').fill('AT');
  for (const value of ['Đỏ', 'Xanh', 'L']) await dialog().getByRole('checkbox', { name: value, exact: true }).check();
  await see('goods-product');
  await dialog().getByRole('button', { name: 'Make 2 variants' }).click();
  await page.getByText('2 made').waitFor();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await dialog().locator('input[type=file]').setInputFiles({ name: 'goods.csv', mimeType: 'text/csv', buffer: Buffer.from('sku,name\n') });
  await dialog().getByRole('button', { name: 'Check' }).click();
  await dialog().getByText('12 would be new').waitFor();
  await dialog().getByText('Line 4').waitFor();
  await see('goods-import');
  await dialog().getByRole('button', { name: 'Import 15 lines' }).click();
  await dialog().getByText('12 new, 3 changed').waitFor();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('link', { name: 'Types' }).click();
  await page.getByRole('button', { name: 'Change type T-shirt' }).click();
  await see('goods-type');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
}

async function settlements() {
  await go('#/settlements');
  await page.locator('nav[aria-label="Settlements by state"]').waitFor();
  await see('settlements');
  if (!mock) return;
  const total = page.getByRole('region', { name: 'All shops GBP' });
  await total.getByText('£31.39').waitFor();
  await total.getByRole('link', { name: 'Not settled' }).click();
  await page.waitForURL(/state=UNSETTLED/);
  await page.getByRole('link', { name: 'Unexplained', exact: true }).click();
  await page.getByRole('table', { name: 'Settlements' }).getByText('-£0.13').waitFor();
  assert.match(await page.getByRole('link', { name: 'Download as CSV' }).getAttribute('href'), /settlements\.csv\?from=/);
  await see('unexplained');
}

async function aBuyer() {
  if (!mock) return;
  await go('#/orders');
  await rows().first().locator('a').first().click();
  await page.getByRole('button', { name: 'Show the buyer' }).waitFor();
  assert.equal(await page.getByText('Nguyễn Linh').count(), 0, 'nobody is shown before he is asked for');
  await page.getByRole('button', { name: 'Show the buyer' }).click();
  await page.getByText('Nguyễn Linh').waitFor();
  await see('buyer');
  await go('#/settings');
  await page.getByLabel('Phone number or mail address of the buyer').fill('0912 345 678');
  await page.getByRole('button', { name: 'Forget the buyer' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('asked for by mail');
  await see('erase');
  await dialog.getByRole('button', { name: 'Forget the buyer' }).click();
  await page.getByText(/asked for by mail.*0 left/).waitFor();
  await see('erased');
}

async function theRest() {
  for (const name of ['stock', 'wallet', 'settings', 'system']) {
    await go(`#/${name}`);
    await page.waitForTimeout(600);
    await see(name);
  }
  const ready = await page.getByText(/^(Ready|Not ready)$/).count();
  assert.ok(ready >= 1, 'the services are listed');
}

async function onPhone() {
  await page.setViewportSize(PHONE);
  await go('#/orders');
  await rows().first().waitFor();
  await see('phone-orders');
  await go('#/shops');
  await page.locator('article').first().waitFor();
  await see('phone-shops');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'System' }).click();
  await page.waitForURL(/#\/system/);
  await see('phone-system');
  await page.setViewportSize(WIDE);
}

async function signOut() {
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Tiếng Việt' }).click();
  await page.getByRole('link', { name: 'Đơn hàng' }).first().waitFor();
  await see('vietnamese');
  await page.getByRole('button', { name: new RegExp(login) }).click();
  await page.getByRole('menuitem', { name: 'Đăng xuất' }).click();
  await page.locator('input[name=login]').waitFor();
}

try {
  for (const part of [signIn, shops, shopStates, importRuns, shopSettings, orders, oneOrder, specialOrders, tags, notes, thePast, statusTable, place, deletions, byHand, returns, cancelOne, settlements, aBuyer, goods, listings, matching, matchingFromTheOrder, designs, theRest, onPhone, signOut]) {
    await part();
    console.log(`walked: ${part.name}`);
  }
} catch (error) {
  await look.picture(page, 'failed');
  look.stopped(error, page);
}
await browser.close();
mock?.server.close();
mock?.server.closeAllConnections();
process.exitCode = look.report('walk');
