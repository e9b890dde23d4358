// A Chromium page that notes every error of the console, and looks for what axe finds.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const web = createRequire(new URL('../../services/gateway/web/package.json', import.meta.url));
const { chromium } = web('playwright-core');
const AXE = readFileSync(web.resolve('axe-core/axe.min.js'), 'utf8');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const ARGUMENTS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** The smallest PNG. */
export const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');
/** Where the sandbox says that pictures of products are: nobody is there. */
const SANDBOX_PICTURES = 'https://images.example.com/**';

export const WIDE = { width: 1280, height: 860 };
export const PHONE = { width: 390, height: 844 };
const TALLEST = 8000; // Chromium paints no more, at two dots for each

export async function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
}

export class Look {
  /** `pictures`: the folder for screenshots, made when it is missing. */
  constructor(pictures) {
    this.pictures = pictures;
    this.faults = [];
    mkdirSync(pictures, { recursive: true });
  }

  /** Expected answers of the API (a wrong password, for one) are named by their status. */
  async page(browser, options = {}, expected = []) {
    const context = await browser.newContext({ viewport: WIDE, ...options, bypassCSP: false });
    await context.route(SANDBOX_PICTURES, (route) => route.fulfill({ contentType: 'image/png', body: PIXEL }));
    const page = await context.newPage();
    page.on('console', (message) => {
      const text = message.text();
      const known = expected.some((status) => text.includes(`status of ${status}`));
      if (message.type() === 'error' && !known) this.faults.push(`console: ${text} (${page.url()})`);
    });
    page.on('pageerror', (error) => this.faults.push(`page: ${error.message} (${page.url()})`));
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      if (why !== 'net::ERR_ABORTED') this.faults.push(`request: ${request.url()} ${why}`);
    });
    return page;
  }

  /** Whole: on a screen as tall as the page, so that what stands at its edges covers nothing. */
  async picture(page, name, whole = false) {
    const path = `${this.pictures}/${name}.png`;
    if (!whole) return page.screenshot({ path });
    const size = page.viewportSize();
    const tall = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ ...size, height: Math.min(Math.max(size.height, tall), TALLEST) });
    await page.screenshot({ path });
    await page.setViewportSize(size);
  }

  /** Axe runs inside the page's own policy: evaluated, not injected as an element. */
  async axe(page, name) {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(
      (tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), AXE_TAGS);
    for (const { id, help, nodes } of violations)
      for (const node of nodes.slice(0, 5))
        this.faults.push(`axe ${id} on ${name}: ${help}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`);
  }

  async noSidewaysScroll(page, name) {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 1) this.faults.push(`${name} is ${over} px wider than the screen`);
  }

  /** What stopped a walk, in a line: Playwright's words hold all that was typed. */
  stopped(error, page) {
    this.faults.push(`${error.message.split('\n')[0].slice(0, 300)} (${page.url()})`);
  }

  /** The exit code. */
  report(what) {
    for (const fault of this.faults) console.error(`not ok: ${fault}`);
    console.log(`${this.faults.length === 0 ? 'ok' : 'not ok'}: ${what}, ${this.faults.length} faults; pictures in ${this.pictures}`);
    return this.faults.length === 0 ? 0 : 1;
  }
}
