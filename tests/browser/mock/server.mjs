// Answers like the gateway, from invented data: node tests/browser/mock/server.mjs [port].  For looking at screens only.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import * as data from './data.mjs';
import { BOOK_ROUTES } from './book.mjs';
import { MARK_ROUTES } from './marks.mjs';
import { MONEY_ROUTES } from './money.mjs';
import { RETURN_ROUTES } from './returns.mjs';

const DIST = new URL('../../../services/gateway/web/dist/', import.meta.url).pathname;
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; connect-src 'self'; " +
  "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const GROUPS = {
  drafts: ['UNSYNC', 'NOT_READY'],
  'to-process': ['TO_PURCHASE', 'PURCHASED', 'AWAITING_SHIPMENT', 'CONFIRMED', 'PACKING', 'PACKED', 'AWAITING_PICKUP'],
  shipped: ['IN_TRANSIT', 'DONE'],
  ended: ['CANCELLING', 'CANCELLED', 'RETURNING', 'RETURNED', 'ELSEWHERE'],
  deleted: ['DELETED'],
};

/** What a look at the screens wants to be different: nobody signed in, no data, a connection at each of its states. */
function startState({ signedIn = false, setUp = true, empty = false, language = 'en' } = {}) {
  const me = { ...data.me, account: { ...data.me.account, language } };
  return { me, signedIn, setUp, empty, connect: 'CHOOSING', settings: { ...data.settings }, shops: structuredClone(data.shops), former: structuredClone(data.formerShops), wallet: 70530 };
}

const page = (items, query) => {
  const at = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  const next = at + limit < items.length ? String(at + limit) : null;
  return { items: items.slice(at, at + limit), next_cursor: next };
};

const problem = (status, code, detail, more = {}) => ({
  status, body: { type: 'about:blank', title: code, status, code, detail, trace_id: '0af7651916cd43dd8448eb211c80319c', ...more },
});
const ok = (body, status = 200) => ({ status, body });

function findOrders(query) {
  const stages = query.get('stage')?.split(',') ?? GROUPS[query.get('group')] ?? null;
  const words = query.get('q')?.split(/[\s,]+/);
  return data.orders.filter((order) =>
    (!stages || stages.includes(order.stage)) &&
    (!query.get('status') || order.channel_status === query.get('status')) &&
    (!query.get('tab') || order.tab === query.get('tab')) &&
    (!query.get('tag') || (order.tags ?? []).some(({ id }) => id === query.get('tag'))) &&
    (!query.get('hub') || order.hub_status === query.get('hub')) &&
    (!query.get('flag') || (order.flags ?? []).includes(query.get('flag'))) &&
    (!words || words.some((word) => order.channel_order_id.startsWith(word))));
}

const findListings = (query) => data.listings.filter((listing) =>
  (!query.get('state') || listing.state === query.get('state')) && (!query.get('shop') || listing.shop_id === query.get('shop')) &&
  (query.get('tab') !== 'synced' || listing.skus.some((sku) => sku.ordered || sku.parts.length > 0)));

const shownSkus = (keys) => data.listings.flatMap((listing) => listing.skus.map((sku) => ({
  key: `${listing.shop_id}-${sku.sku_id}`, listing_id: listing.id, product_id: listing.product_id, listing_title: listing.title,
  image_url: listing.image_url, personalised: listing.personalised ?? false, sku: { shop_id: listing.shop_id, ...sku },
}))).filter(({ key }) => !keys || keys.includes(key));

const DESIGN = 'd'.repeat(64);
const REASONS = [['SAME_SKU', 100], ['SKU_ALIKE', 88], ['TITLE_AND_ATTRIBUTES', 71], ['TITLE', 40]];
const suggest = (keys) => shownSkus(keys).filter(({ sku }) => keys || sku.parts.length === 0).map((of, index) => ({
  of, sure: index % 2 === 0,
  candidates: REASONS.slice(index % 2).map(([reason, score], at) => {
    const { id, sku, name } = data.variants[at + index];
    return { variant_id: id, sku, name, score, reason };
  }),
}));

const findVariants = (q) => data.variants.filter(({ sku, name }) => !q || `${sku} ${name}`.toLowerCase().includes(q.toLowerCase()));

const tally = (name, items = data.orders) => {
  const counts = {};
  for (const order of items) counts[order[name]] = (counts[order[name]] ?? 0) + 1;
  return counts;
};

const orderOf = (id) => data.orders.find((order) => order.id === id);
const none = () => problem(404, 'NOT_FOUND', 'There is nothing here.');
const list = (name) => ({ query, state }) => ok(page(state.empty ? [] : data[name], query));

const ROUTES = {
  'GET /api/v1/notices': list('notices'),
  'GET /api/v1/shops': ({ state, query }) => ok({
    items: state.empty ? [] : query.get('disconnected') === 'true' ? state.former : state.shops,
    unfinished: state.empty || state.connect !== 'CHOOSING' ? [] : data.unfinished, next_cursor: null,
  }),
  'POST /api/v1/shops': ({ base }) => ok({ connect_id: 'c0ffee', consent_url: `${base}/#/shops/connect/c0ffee` }, 201),
  'GET /api/v1/shops/connect/:id': ({ state }) => ok({
    state: state.connect,
    shops: [{ channel_shop_id: '7494821005523651', name: 'Demo shop', region: 'GB' }, { channel_shop_id: '7494821005520000', name: 'Second shop', region: 'GB', problem: 'TEST_CALL_FAILED' }, { channel_shop_id: '7495550012344444', name: 'Old river', region: 'GB', alias: 'Old river' }, { channel_shop_id: '7495550012343333', name: 'Mugs', region: 'GB', alias: 'River mugs', linked: true }],
    problem: state.connect === 'FAILED' ? 'CONSENT_LATE' : null,
  }),
  'POST /api/v1/shops/connect/:id/confirm': () => ok({ shops: ['1'] }),
  'POST /api/v1/shops/connect/:id/decline': ({ state }) => {
    state.connect = 'DECLINED';
    return ok({});
  },
  'GET /api/v1/shops/:id': ({ state, params }) => {
    const shop = [...state.shops, ...state.former].find(({ id }) => id === params.id);
    return shop ? ok({ ...data.shopParts, ...shop }) : problem(404, 'NO_SUCH_SHOP', 'there is no such connected shop');
  },
  'GET /api/v1/shops/:id/activity': list('activity'),
  'GET /api/v1/shops/:id/certificates': list('certificates'),
  'GET /api/v1/shops/:id/tasks': ({ query, state }) =>
    ok(page(state.empty ? [] : data.tasks.filter((task) => query.get('state') !== 'open' || !task.ended_at), query)),
  'GET /api/v1/shops/:id/notices': ({ query, state }) => ok({ ...page(state.empty ? [] : data.shopNotices, query), unknown_count: state.empty ? 0 : 1 }),
  'GET /api/v1/shops/:id/packages/:package/document': ({ state }) => ok({
    state: state.label ? 'READY' : ((state.label = true), 'FETCHING'), reason: null, expires_at: null,
    url: 'https://label.example/1.pdf',
  }),
  'POST /api/v1/shops/:id/settings': ({ state, params, body }) => {
    const shop = state.shops.find(({ id }) => id === params.id);
    const { history, ...settings } = body;
    if (history && shop.backfills?.some(({ finished }) => !finished)) return problem(409, 'HISTORY_RUNNING', 'the history is being loaded');
    if (history) shop.backfills = [{ run_id: '-9', from: data.iso(-9e9), until: data.iso(0), finished: false }];
    Object.assign(shop, settings);
    return ok(shop);
  },
  'POST /api/v1/shops/:id/pull': ({ state, params, body }) => {
    const shop = state.shops.find(({ id }) => id === params.id);
    shop.pull_on = body.on;
    return ok(shop);
  },
  'POST /api/v1/shops/:id/disconnect': ({ state, params }) => {
    const shop = state.shops.find(({ id }) => id === params.id);
    state.shops = state.shops.filter(({ id }) => id !== params.id);
    state.former = [...state.former, { ...shop, state: 'DISCONNECTED', needs_consent: false }];
    return ok({});
  },
  'POST /api/v1/shops/:id/load': () => ok({ run_id: '7' }, 202),
  'GET /api/v1/orders': ({ query, state }) => ok(page(state.empty ? [] : findOrders(query), query)),
  'GET /api/v1/orders/counts': ({ state }) =>
    state.empty ? ok({ by_stage: {}, by_status: {}, total: 0 }) : ok({ by_stage: tally('stage'), by_status: tally('channel_status'), by_tab: tally('tab'), total: data.orders.length }),
  'POST /api/v1/orders/place': ({ body }) => ok({
    items: body.ids.map((id) => {
      const reasons = orderOf(id)?.open_conditions ?? [];
      return { id, result: reasons.length > 0 ? 'REFUSED' : 'PLACED', reasons };
    }),
  }),
  'GET /api/v1/orders/:id/conditions': ({ params }) => (orderOf(params.id) ? ok(data.explain(orderOf(params.id))) : none()),
  ...RETURN_ROUTES,
  ...BOOK_ROUTES,
  ...MARK_ROUTES,
  ...MONEY_ROUTES,
  'GET /api/v1/import-runs': list('runs'),
  'GET /api/v1/import-runs/:id/lines': ({ query, state }) =>
    ok(page(state.empty ? [] : data.runLines.filter(({ result }) => !query.get('result') || result === query.get('result')), query)),
  'POST /api/v1/import-runs/:id/again': () => {
    const unready = data.runLines.filter(({ result }) => !['LOADED', 'UPDATED', 'UNCHANGED'].includes(result));
    for (const line of unready) line.asked_at = data.iso(0);
    return ok({ orders: unready.length, more: false }, 202);
  },
  'GET /api/v1/listings': ({ query, state }) => ok(page(state.empty ? [] : findListings(query), query)),
  'GET /api/v1/listings/counts': () => ok({ total: data.listings.length, synced: findListings(new URLSearchParams('tab=synced')).length, by_state: tally('state', data.listings) }),
  'POST /api/v1/shops/:id/listings': () => ok({}, 202),
  'GET /api/v1/variants': ({ query, state }) => ok(page(state.empty ? [] : findVariants(query.get('q')), query)),
  'GET /api/v1/listings/skus': ({ query }) => ok({ items: shownSkus(query.get('skus')?.split(',') ?? []) }),
  'GET /api/v1/mappings/suggestions': ({ query }) => ok({ items: suggest(query.get('skus')?.split(',')), next_cursor: null }),
  'GET /api/v1/mappings/preview': ({ query }) => ok({ orders_waiting: 15, orders_ready: 14 * query.get('skus').split(',').length }),
  'GET /api/v1/mappings/history': () => ok({ items: [{ sku: '1-90001', at: data.iso(-3_600_000), user: 'demo', reason: 'by hand', before: [], after: [{ variant_id: '1', sku: 'TEE-1', pieces: 2 }] }] }),
  'GET /api/v1/mappings/progress': ({ state }) => {
    state.healed = Math.min(10_000, (state.healed ?? 0) + 4000);
    return ok({ running: state.healed < 10_000, total: 10_000, done: state.healed, began_at: data.iso(-2000), ended_at: null });
  },
  'POST /api/v1/mapping-jobs': ({ state, body }) => {
    state.job = body.items;
    return ok({ id: '5', total: body.items.length }, 202);
  },
  'GET /api/v1/mapping-jobs/:id': ({ state }) => ok({
    id: '5', state: 'DONE', total: state.job.length, done: state.job.length, failed: 1, user: 'demo', made_at: data.iso(0), ended_at: data.iso(0),
    items: state.job.map(({ shop_id, sku_id }, index) => ({ shop_id, sku_id, result: index === 0 ? 'FAILED' : 'LINKED', reason: index === 0 ? 'VARIANT_UNKNOWN' : null })),
  }),
  'POST /api/v1/designs': ({ query }) =>
    query.get('name').endsWith('.txt') ? problem(422, 'FILE_BAD', 'it is no whole PNG, JPEG or PDF')
      : ok({ id: DESIGN, name: query.get('name'), kind: 'PNG', bytes: 68, width: 1, height: 1, added_at: data.iso(0), user: 'demo' }),
  'GET /api/v1/designs/:id/preview': () => ({ status: 200, body: null }),
  'POST /api/v1/designs/attach': ({ state, body }) => {
    for (const listing of data.listings) for (const sku of listing.skus)
      if (body.skus.includes(`${listing.shop_id}-${sku.sku_id}`)) sku.design_id = body.design_id || null;
    return ok({ items: shownSkus(body.skus) });
  },
  'POST /api/v1/designs/match': ({ body }) => ok({ items: body.ids.map((id, index) => ({ id, name: `file-${index}.png`, sku: index === 0 ? 'MUG-RED' : '', skus: 1 - index })) }),
  'POST /api/v1/listings/personalise': ({ body }) => {
    const listing = data.listings.find(({ id }) => id === body.listing_id);
    listing.personalised = body.on;
    return ok({ items: shownSkus().filter(({ listing_id }) => listing_id === listing.id) });
  },
  'GET /api/v1/orders/:id/designs': ({ state }) => ok({ items: state.lineDesigns ?? [] }),
  'POST /api/v1/orders/:id/designs': ({ state, body }) => {
    const design = { id: body.design_id, name: 'for-anna.png', kind: 'PNG', bytes: 68, added_at: data.iso(0), user: 'demo' };
    state.lineDesigns = body.design_id ? [{ line: body.line, at: data.iso(0), user: 'demo', design }] : [];
    return ok({ items: state.lineDesigns });
  },
  'POST /api/v1/variants': ({ body }) => (body.sku === 'TAKEN' ? problem(409, 'SKU_TAKEN', 'another variant has this SKU') : ok({ ...data.variants[0], ...body }, 201)),
  'POST /api/v1/products': ({ body }) => ok({ id: '911', ...body, archived: false, variants: [] }, 201),
  'GET /api/v1/product-types': ({ state }) => ok({ items: state.empty ? [] : data.productTypes }),
  'POST /api/v1/product-types': ({ body }) => ok({ ...data.productTypes[0], ...body }, 201),
  'POST /api/v1/catalogue/archive': ({ body }) => ok({ results: body.ids.map((id) => ({ id, done: false, reason: 'LINKED', count: 3 })) }),
  'GET /api/v1/catalogue/:kind/:id/history': () => ok({ items: data.goodsHistory }),
  'POST /api/v1/imports': ({ state }) => ok((state.goodsImport = { ...data.goodsImport }), 202),
  'GET /api/v1/imports/:id': ({ state }) => ok(state.goodsImport ?? data.goodsImport),
  'POST /api/v1/imports/:id/run': ({ state }) => ok((state.goodsImport = { ...data.goodsImport, state: 'DONE' }), 202),
  'GET /api/v1/imports/:id/lines': () => ok({ items: [{ line: 4, sku: 'TEE-X', outcome: 'WRONG', code: 'COST_NOT_NUMBER', problem: 'the cost is a number' }], next_cursor: null }),
  'POST /api/v1/workbooks': () => ok({ id: '5', state: 'WRITING', lines: 0, problem: null }, 202),
  'GET /api/v1/workbooks/:id': () => ok({ id: '5', state: 'DONE', lines: 60, problem: null }),
  'POST /api/v1/mappings': () => ok({ orders_waiting: 14 }),
  'POST /api/v1/mappings/match': () => ok({ linked: 380, ambiguous: 2, unknown: 30 }),
  'GET /api/v1/warehouses': ({ state }) => ok({ items: state.empty ? [] : data.warehouses, next_cursor: null }),
  'POST /api/v1/warehouses': ({ body }) => ok({ id: '3', ...body }, 201),
  'GET /api/v1/stock': list('stock'),
  'POST /api/v1/stock/adjust': () => problem(422, 'UNKNOWN_SKU', 'MUG-GREEN is not known'),
  'GET /api/v1/wallet': ({ state }) => ok({ balance: { amount: state.empty ? '0' : String(state.wallet), currency: 'GBP' } }),
  'GET /api/v1/wallet/entries': list('entries'),
  'POST /api/v1/wallet/top-up': ({ state, body }) => {
    state.wallet += Number(body.amount);
    return ok({ balance: { amount: String(state.wallet), currency: 'GBP' } });
  },
  'GET /api/v1/settings/placement': ({ state }) => ok(state.settings),
  'PUT /api/v1/settings/placement': ({ state, body }) => {
    state.settings = { ...body, held_by_balance: false };
    return ok(state.settings);
  },
  'GET /api/v1/system': ({ state }) => ok(state.empty ? { ...data.system, ready: true, services: data.system.services.slice(0, 2) } : { ...data.system, as_of: data.iso(0) }),
  'GET /api/v1/dead-letters': ({ query }) => ok(page(query.get('service') === 'order-ingest' ? data.deadLetters : [], query)),
  'POST /api/v1/dead-letters/replay': ({ body }) => ok({ replayed: body.ids.length }),
};

function find(method, path) {
  for (const [route, answer] of Object.entries(ROUTES)) {
    const [wanted, pattern] = route.split(' ');
    const names = [];
    const shape = new RegExp(`^${pattern.replace(/:(\w+)/g, (_, name) => (names.push(name), '([^/]+)'))}$`);
    const match = wanted === method && shape.exec(path);
    if (match) return { answer, params: Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1])])) };
  }
  return null;
}

function people(request, state, body) {
  const at = `${request.method} ${request.url}`;
  if (at === 'POST /api/v1/setup') {
    Object.assign(state, { setUp: true, signedIn: true });
    return ok(state.me, 201);
  }
  if (at === 'POST /api/v1/session') {
    if (body.password !== 'demo-password') return problem(401, 'LOGIN_FAILED', 'Login or password is wrong.');
    state.signedIn = true;
    return ok(state.me, 201);
  }
  if (at === 'DELETE /api/v1/session') {
    state.signedIn = false;
    return ok(null, 204);
  }
  if (!state.signedIn) return problem(401, 'SIGNED_OUT', 'Sign in.', { set_up: state.setUp });
  return at === 'GET /api/v1/me' ? ok(state.me) : null;
}

function answerFile(path, response) {
  const name = path === '/' ? 'index.html' : path.slice(1);
  const file = join(DIST, name);
  if (name.includes('..') || !existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': POLICY });
  createReadStream(file).pipe(response);
}

function answerEvents(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write('event: hello\ndata: {}\n\n');
  const timer = setInterval(() => response.write('event: shops\ndata: {"account_id":"1","ids":["1"]}\n\n'), 1000);
  request.on('close', () => clearInterval(timer));
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return request.headers['content-type'] === 'application/json' ? JSON.parse(text) : text;
}

export function startMock(port = 0, given = {}) {
  const state = startState(given);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://mock');
    if (!url.pathname.startsWith('/api/')) return answerFile(url.pathname, response);
    if (url.pathname === '/api/v1/events' && state.signedIn) return answerEvents(request, response);
    const body = await readBody(request);
    const base = `http://127.0.0.1:${server.address().port}`;
    const found = find(request.method, url.pathname);
    const keyless = request.method === 'POST' && !/\/(setup|session)$/.test(url.pathname) && !request.headers['idempotency-key'];
    const answer = people(request, state, body)
      ?? (keyless ? problem(400, 'IDEMPOTENCY_KEY_MISSING', '') : found?.answer({ state, body, base, query: url.searchParams, params: found.params }))
      ?? none();
    const type = answer.status >= 400 ? 'application/problem+json' : 'application/json';
    response.writeHead(answer.status, { 'Content-Type': type }).end(answer.body === null ? undefined : JSON.stringify(answer.body));
  });
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve({ state, server, url: `http://127.0.0.1:${server.address().port}` }));
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { url } = await startMock(Number(process.argv[2] ?? 8095));
  console.log(`${url}: sign in as demo, demo-password`);
}
