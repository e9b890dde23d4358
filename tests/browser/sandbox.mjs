// The sandbox's own page, as a person uses it, against a running sandbox of one's own: it buys, cancels and moves the clock.
//
//   SANDBOX_URL=http://127.0.0.1:8090 node tests/browser/sandbox.mjs
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { Look, openBrowser, PHONE, WIDE } from './page.mjs';

const { env } = process;
const base = (env.SANDBOX_URL ?? 'http://127.0.0.1:8090').replace(/\/$/, '');
const look = new Look(env.PICTURES ?? join(tmpdir(), 'sampan-sandbox'));
const browser = await openBrowser();

const truth = async () => (await fetch(`${base}/sandbox/truth`)).json();
const clock = async () => (await fetch(`${base}/sandbox/clock`)).json();
const until = async (what, is) => {
  for (let i = 0; i < 50; i++) {
    if (await is()) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  assert.fail(`it never came to be: ${what}`);
};

async function see(name, options) {
  const page = await look.page(browser, options);
  await page.goto(base);
  await page.locator('#orders tr').first().waitFor();
  await look.picture(page, name, true);
  await look.axe(page, name);
  await look.noSidewaysScroll(page, name);
  return page;
}

async function use(page) {
  const before = await truth();
  const buy = page.locator('#buy');
  await buy.locator('[name=count]').fill('3');
  await buy.locator('[name=status]').selectOption('UNPAID');
  await buy.getByRole('button', { name: 'Buy' }).click();
  await until('three orders are bought', async () => (await truth()).by_status.UNPAID === before.by_status.UNPAID + 3);
  await page.getByRole('button', { name: /^Pay order/ }).first().click();
  await until('one is paid', async () => (await truth()).by_status.ON_HOLD === before.by_status.ON_HOLD + 1);
  await page.getByRole('button', { name: /^Cancel order/ }).first().click();
  await until('it is cancelled', async () => (await truth()).by_status.CANCELLED === before.by_status.CANCELLED + 1);
  await buy.locator('[name=count]').fill('1');
  await buy.locator('[name=kind]').selectOption('sample');
  await buy.locator('[name=status]').selectOption('');
  await buy.getByRole('button', { name: 'Buy' }).click();
  await page.locator('#orders tr').first().getByText('sample').waitFor();
  await page.getByRole('button', { name: /^Ask to cancel order/ }).first().click();
  await page.getByRole('button', { name: /^Take request back order/ }).first().click();
  for (const step of ['Ship', 'Collect', 'Deliver', 'Return', 'Take return back'])
    await page.locator('#orders tr').first().getByRole('button', { name: new RegExp(`^${step} order`) }).click();
  await page.locator('#orders tr').first().getByText('return cancel').waitFor();
  await page.getByRole('button', { name: /^on hold/ }).click();
  await page.getByText('No order is on hold.').waitFor();
  await page.getByRole('button', { name: /^on hold/ }).click();
  await page.getByRole('button', { name: '60 ×', exact: true }).click();
  await until('the clock is fast', async () => (await clock()).speed === 60);
  await page.locator('#speeds button[aria-pressed=true]', { hasText: '60' }).first().waitFor();
  const { now } = await clock();
  await page.getByRole('button', { name: '+ 1 day' }).click();
  await until('a day has passed', async () => (await clock()).now >= now + 86400);
  await page.getByRole('button', { name: '1 ×', exact: true }).click();
  await page.getByRole('button', { name: '3 × 429' }).click();
  await page.getByText('429 on /: the next 3').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('None are ordered.').waitFor();
}

try {
  await fetch(`${base}/sandbox/orders`, { method: 'POST', body: '{"count":12}' });
  await use(await see('sandbox-wide', { viewport: WIDE }));
  await see('sandbox-dark', { viewport: WIDE, colorScheme: 'dark' });
  await see('sandbox-phone', { viewport: PHONE, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
} catch (error) {
  look.stopped(error, { url: () => base });
}
await browser.close();
process.exitCode = look.report('the sandbox\'s page');
