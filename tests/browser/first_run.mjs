// The first day of a seller, in a real browser, on a system that nobody has set up yet: from the one-time link to the
// first orders of a connected shop.  Fails on console errors and axe faults, as the walk does.
//
//   SAMPAN_URL=http://127.0.0.1:8080 SAMPAN_SANDBOX_URL=http://127.0.0.1:8090 SAMPAN_SETUP_LOG=var/log/gateway.log \
//       node tests/browser/first_run.mjs
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Look, openBrowser } from './page.mjs';

const { env } = process;
const base = (env.SAMPAN_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const sandbox = (env.SAMPAN_SANDBOX_URL ?? 'http://127.0.0.1:8090').replace(/\/$/, '');
const LOGIN = 'owner@example.com';
const PASSWORD = 'four boats on a slow river';
const STOCK_LINES = 4000;
const IMPORT_MS = 120_000;

const look = new Look(env.PICTURES ?? join(tmpdir(), 'sampan-first-run'));
const browser = await openBrowser();
// 401: not signed in yet, and the wrong password at the end.
const page = await look.page(browser, {
  locale: 'en-GB', timezoneId: 'Europe/London', permissions: ['clipboard-read', 'clipboard-write'],
}, [401]);
page.setDefaultTimeout(20_000);
let step = 0;

async function see(name) {
  await page.waitForTimeout(500);
  const full = `${String(++step).padStart(2, '0')}-${name}`;
  await look.picture(page, full);
  await look.axe(page, full);
}

const go = (hash) => page.evaluate((to) => { location.hash = to; }, hash);
const press = (name) => page.getByRole('button', { name, exact: true }).last().click();
const dialog = () => page.getByRole('dialog');
const closed = () => dialog().waitFor({ state: 'detached' });

/** As people do: typing thousands of lines takes Chromium half a minute, pasting them half a second. */
async function paste(field, text) {
  await page.evaluate((words) => navigator.clipboard.writeText(words), text);
  await field.focus();
  await page.keyboard.press('Control+V');
}

async function notSetUp() {
  await page.goto(`${base}/`);
  await page.getByRole('heading', { name: 'Not set up yet' }).waitFor();
  await see('not-set-up');
}

async function setUp() {
  const token = /\/#\/setup\?token=([\w-]{43})/.exec(readFileSync(env.SAMPAN_SETUP_LOG, 'utf8'))?.[1];
  assert.ok(token, 'the gateway printed a set-up link');
  await page.goto(`${base}/#/setup?token=${token}`);
  await page.getByLabel('Name of your business').fill('Trà Đá Vỉa Hè');
  await page.getByLabel('Login').fill(LOGIN);
  await page.getByLabel('Password', { exact: false }).first().fill('short');
  await page.getByText('At least 12 characters', { exact: true }).waitFor();
  await see('set-up');
  assert.equal(await page.getByLabel('Currency').inputValue(), 'GBP', 'the currency follows the time zone');
  await page.locator('input[autocomplete=new-password]').first().fill(PASSWORD);
  await page.locator('input[autocomplete=new-password]').last().fill(PASSWORD);
  await press('Create the account');
  await page.getByRole('heading', { name: 'First steps' }).waitFor();
  assert.ok(!page.url().includes(token), 'the token left the address');
  await see('first-steps');
}

async function goods() {
  await go('#/stock');
  await press('Add a warehouse');
  await page.getByLabel('Name', { exact: false }).fill('Hà Nội');
  await press('Save');
  await closed();
  await go('#/products');
  await press('Import CSV');
  const catalogue = await (await fetch(`${sandbox}/sandbox/catalogue.csv`)).text();
  await page.locator('input[type=file]').setInputFiles({ name: 'goods.csv', mimeType: 'text/csv', buffer: Buffer.from(catalogue) });
  await see('import');
  await dialog().getByRole('button', { name: 'Import CSV' }).click();
  await dialog().getByText(/\d+ new, 0 changed, 0 with a mistake/).waitFor();
  await see('imported');
  await dialog().getByRole('button', { name: 'Close', exact: true }).last().click();
  await closed();
  return catalogue.trim().split('\n').slice(1, STOCK_LINES + 1).map((line) => line.split(',')[0].replaceAll('"', ''));
}

async function stockAndMoney(skus) {
  await go('#/stock');
  await press('Adjust stock');
  await paste(page.getByLabel('SKU and difference'), skus.map((sku) => `${sku}\t500`).join('\n'));
  await page.getByLabel('Reason').fill('opening stock');
  await see('adjust');
  await dialog().getByRole('button', { name: /^Adjust / }).click();
  await closed();
  await go('#/wallet');
  await press('Top up');
  await page.getByLabel('Amount').fill('250,000.00');
  await dialog().getByRole('button', { name: 'Add £250,000.00' }).click();
  await page.getByText('£250,000.00').first().waitFor();
  await go('#/settings');
  await page.getByRole('switch').click();
  await page.getByLabel('Surcharge').fill('0.69');
  await press('Save');
  await page.getByText('Saved', { exact: true }).waitFor();
  await see('settings');
}

/** The same link in a browser that did not begin: refused in words, and nothing is lost for the one that did. */
async function comeBackElsewhere(consent) {
  const other = await look.page(browser, { locale: 'en-GB' }, [401]);
  other.setDefaultTimeout(20_000);
  await other.goto(consent);
  await other.locator('button, input[type=submit]').first().click();
  await other.waitForURL(/problem=CONNECT_ELSEWHERE/);
  await other.getByText('without the session that began this connection').waitFor();
  await other.getByLabel('Login').waitFor();
  const name = `${String(++step).padStart(2, '0')}-elsewhere`;
  await look.picture(other, name);
  await look.axe(other, name);
  await other.context().close();
}

async function connect() {
  await go('#/shops');
  await page.getByText('No shop is connected').waitFor();
  await see('no-shop');
  await page.getByRole('link', { name: 'Add a shop' }).first().click();
  await page.getByLabel('Name here').fill('River shop');
  assert.equal(await page.getByLabel('Country').inputValue(), 'GB', 'the country follows the time zone');
  await page.getByLabel('Your e-mail').fill('owner@example.com');
  await press('To TikTok Shop');
  await page.waitForURL((url) => url.href.startsWith(sandbox));
  await look.picture(page, `${String(++step).padStart(2, '0')}-consent`);
  await comeBackElsewhere(page.url());
  await page.locator('button, input[type=submit]').first().click();
  await page.waitForURL(/#\/shops\/connect\//);
  await page.getByRole('button', { name: 'Connect this shop' }).waitFor();
  await see('choose');
  await press('Connect this shop');
  await page.locator('article').first().waitFor();
  await see('importing');
  await page.locator('article').getByText('Connected', { exact: true }).waitFor({ timeout: IMPORT_MS });
  await see('connected');
}

async function ordersCome() {
  await go('#/orders');
  await page.locator('[role=row][data-index]').first().waitFor();
  await see('orders');
  await go('#/');
  await page.getByText('All orders').waitFor();
  assert.equal(await page.getByRole('heading', { name: 'First steps' }).count(), 0, 'every first step is done');
  await see('home');
}

async function signOutAndIn() {
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.locator('input[name=login]').fill(LOGIN);
  await page.locator('input[name=password]').fill('three boats on a slow river');
  await page.locator('button[type=submit]').click();
  await page.getByText('Login or password is wrong.').first().waitFor();
  await see('wrong-password');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.getByText('All orders').waitFor();
}

try {
  await notSetUp();
  await setUp();
  await stockAndMoney(await goods());
  await connect();
  await ordersCome();
  await signOutAndIn();
} catch (error) {
  await look.picture(page, 'failed');
  look.stopped(error, page);
}
await browser.close();
process.exitCode = look.report('first run');
