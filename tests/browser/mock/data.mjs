// A small invented shop, in the shapes of docs/api/openapi.yaml: for looking at screens without the system.
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const iso = (fromNow) => new Date(Date.now() + fromNow).toISOString().replace(/\.\d+Z/, 'Z');
const money = (amount, currency = 'GBP') => ({ amount: String(amount), currency });

export const ALL_RIGHTS = [
  'shops.read', 'shops.write', 'orders.read', 'orders.write', 'orders.place', 'products.read', 'products.write',
  'stock.read', 'stock.write', 'money.read', 'money.write', 'settings.read', 'settings.write', 'pii.read',
  'system.read', 'system.write',
];

export const me = {
  login: 'demo',
  role: 'OWNER',
  permissions: ALL_RIGHTS,
  expires_at: iso(12 * HOUR_MS),
  account: { id: '1', name: 'Áo Thun Sài Gòn', time_zone: 'Asia/Ho_Chi_Minh', currency: 'GBP', language: 'en' },
};

export const warehouses = [
  { id: '1', name: 'Kho Hà Nội', kind: 'OWN', priority: 1, approved: true },
  { id: '2', name: 'Guangzhou', kind: 'CLOUD_STOCKING', priority: 2, approved: false },
];

export const shops = [
  {
    id: '1', alias: 'Demo shop', region: 'GB', state: 'CONNECTING', channel_shop_id: '7494821005523651',
    connected_at: iso(-120_000), grant_ends_at: iso(358 * DAY_MS), pull_on: true, warehouse_id: '1',
    orders_seen: 3120, listings: 412, last_pull_at: iso(-4000), last_webhook_at: null, pending_fetches: 12,
    freshness: 'FRESH', needs_consent: false, seller: 'Sampan Demo Seller', reserve_unpaid: true, pending_stock: 380, stock_told: true,
    orders_from: iso(-60 * DAY_MS), delay_ms: 2300, delay_at: iso(-40_000),
    progress: { orders_seen: 3120, orders_total: 4800, finished: false },
  },
  {
    id: '2', alias: 'Mũ Bảo Hiểm 24h', region: 'VN', state: 'NEAR_EXPIRY', channel_shop_id: '7495550012341111',
    connected_at: iso(-300 * DAY_MS), grant_ends_at: iso(5 * DAY_MS), pull_on: false, warehouse_id: '1',
    orders_seen: 88120, listings: 1200, last_pull_at: iso(-3 * HOUR_MS), last_webhook_at: iso(-50_000),
    pending_fetches: 0, progress: null, pull_problem: 'The marketplace asks us to slow down.',
    freshness: 'OFF', needs_consent: false, seller: 'Sampan Demo Seller', reserve_unpaid: true, stock_told: true,
  },
  {
    id: '3', alias: 'ร้านแก้วพิมพ์ชื่อ', region: 'TH', state: 'EXPIRED', channel_shop_id: '7495550012342222',
    connected_at: iso(-365 * DAY_MS), grant_ends_at: iso(-HOUR_MS), pull_on: true, warehouse_id: null,
    orders_seen: 4011, listings: 60, last_pull_at: iso(-2 * HOUR_MS), last_webhook_at: iso(-2 * HOUR_MS), pending_fetches: 31,
    freshness: 'STOPPED', needs_consent: true, seller: 'Bangkok Cups Co.', reserve_unpaid: false, progress: null,
    grant_problem: 'The refresh token is expired.',
  },
  {
    id: '4', alias: 'River mugs', region: 'GB', state: 'CONNECTED', channel_shop_id: '7495550012343333',
    connected_at: iso(-90 * DAY_MS), grant_ends_at: iso(280 * DAY_MS), pull_on: true, warehouse_id: '1',
    orders_seen: 912, listings: 44, last_pull_at: iso(-25_000), last_webhook_at: iso(-70_000), pending_fetches: 0,
    freshness: 'FRESH', needs_consent: false, seller: 'Sampan Demo Seller', reserve_unpaid: true, stock_told: true, pending_stock: 0,
    orders_from: iso(-150 * DAY_MS), delay_ms: 1800, delay_at: iso(-70_000), progress: null,
  },
];

export const formerShops = [
  { ...shops[3], id: '5', alias: 'Old river', channel_shop_id: '7495550012344444', state: 'DISCONNECTED', freshness: 'STOPPED', seller: null, grant_ends_at: null },
  { ...shops[3], id: '6', alias: 'Cà phê phin', region: 'VN', channel_shop_id: '7495550012345555', state: 'DISCONNECTED', freshness: 'STOPPED', needs_consent: true, seller: null, grant_ends_at: null },
];

export const unfinished = [{ connect_id: 'c0ffee', alias: 'Lotus tea', region: 'VN', ends_at: iso(23 * HOUR_MS) }];

export const shopParts = {
  warehouses: [{ id: '7068517275539719942', name: 'Sales warehouse', is_default: true }, { id: '7068517275539719943', name: 'Returns', is_default: false }],
  backfills: [{ run_id: '-1', from: iso(-60 * DAY_MS), until: iso(-120_000), finished: true }],
};

const happened = (ago, event, more = {}) => ({ at: iso(-ago), until: iso(-ago), event, times: 1, count: 0, user: null, detail: null, ...more });
export const activity = [
  happened(3_500_000, 'orders-pulled', { until: iso(-20_000), times: 118, count: 240 }),
  happened(3_000_000, 'stock-told', { until: iso(-60_000), times: 9, count: 31 }),
  happened(HOUR_MS, 'pull-failed', { times: 3, until: iso(-HOUR_MS + 90_000), detail: 'The marketplace asks us to slow down.' }),
  happened(2 * HOUR_MS, 'warehouse-set', { user: 'demo', detail: '1' }),
  happened(2 * HOUR_MS, 'renamed', { user: 'demo', detail: 'Demo → Demo shop' }),
  happened(3 * HOUR_MS, 'task-unknown', { detail: 'no answer within 10 s', count: 1 }),
  happened(4 * HOUR_MS, 'webhook-unknown', { detail: 'type 99' }),
  happened(5 * HOUR_MS, 'import-done', { count: 4800 }),
  ...Array.from({ length: 60 }, (_, index) => happened((6 + index) * HOUR_MS, index % 2 ? 'listings-pulled' : 'token-refreshed', { times: 12, count: index % 2 ? 3 : 0 })),
  happened(70 * HOUR_MS, 'connected', { user: 'demo' }),
];

const day = (ago) => iso(-ago * DAY_MS).slice(0, 10);
export const certificates = Array.from({ length: 60 }, (_, index) => ({
  day: day(index), until: index === 0 ? iso(-300_000) : `${day(index - 1)}T00:00:00Z`, over: index > 0, listed: 120 + (index % 7), held: 120 + (index % 7),
  difference: 0, missing: [], extra: [], stale: [], found: index === 3 ? 2 : 0, checked_at: iso(-index * 600_000 - 60_000),
}));
Object.assign(certificates[1], { held: certificates[1].listed - 2, difference: 2, missing: ['1-576461413038785752', '1-576461413038785765'] });
Object.assign(certificates[2], { stale: ['1-576461413038785778'] });

const task = (kind, state, more = {}) => ({
  id: `shipment/${kind}-${state}`, kind, state, channel_order_id: '576461413038785752', reason: null, tries: 1, made_at: iso(-HOUR_MS),
  next_try_at: ['WANTED', 'ASKED', 'LABEL'].includes(state) ? iso(60_000) : null, ended_at: ['WANTED', 'ASKED', 'LABEL'].includes(state) ? null : iso(-HOUR_MS + 9000), ...more,
});
export const tasks = [
  task('SHIP', 'ASKED', { tries: 2 }), task('SHIP', 'WANTED', { tries: 0 }), task('SHIP', 'LABEL'), task('SHIP', 'DONE'),
  task('CANCEL', 'REFUSED', { reason: 'The order has been shipped already and cannot be cancelled.' }), task('ACCEPT_RETURN', 'DONE'),
  task('PRICE', 'DONE', { id: 'price/1729480000001/172948000001', channel_order_id: '' }), task('DECLINE_CANCEL', 'WITHDRAWN'),
];

export const shopNotices = [
  { at: iso(-HOUR_MS), type: 99, unknown: true, fields: 'order_id, live_room_id', content: null },
  { at: iso(-2 * HOUR_MS), type: 11, unknown: false, fields: null, content: { order_id: '576461413038785752', cancel_status: 'CANCELLATION_REQUEST_PENDING', cancellations_role: 'BUYER' } },
  { at: iso(-3 * HOUR_MS), type: 4, unknown: false, fields: null, content: { sc_type: 'SPLIT', role_type: 'ROLE_SELLER' } },
];

const conditions = {
  unmapped: { code: 'LINE_UNMAPPED', value: 'Cốc sứ in tên – Màu đỏ', wanted: '', line: 2 },
  short: { code: 'STOCK_SHORT', value: '1', wanted: '3', line: 1 },
  balance: { code: 'BALANCE_LOW', value: '1290 GBP', wanted: '4210 GBP', line: 0 },
  hold: { code: 'NOT_TO_SHIP', value: 'ON_HOLD', wanted: 'AWAITING_SHIPMENT, PARTIALLY_SHIPPING', line: 0 },
  refused: { code: 'REFUSED', value: 'ORDER_CLOSED', wanted: '', line: 0 },
};

const KINDS = [
  ['UNSYNC', 'AWAITING_SHIPMENT', 'AWAITING_CONFIRMATION', [conditions.unmapped, conditions.short, conditions.balance]],
  ['NOT_READY', 'AWAITING_SHIPMENT', 'AWAITING_CONFIRMATION', [conditions.short]],
  ['NOT_READY', 'ON_HOLD', 'ON_HOLD', [conditions.hold, conditions.balance, conditions.refused]],
  ['AWAITING_SHIPMENT', 'AWAITING_SHIPMENT', 'AWAITING_CONFIRMATION', []],
  ['TO_PURCHASE', 'AWAITING_SHIPMENT', 'AWAITING_CONFIRMATION', []],
  ['IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', []],
  ['ELSEWHERE', 'COMPLETED', 'SUCCESS', []],
  ['CANCELLED', 'CANCELLED', 'CUSTOMER_CANCELLED', []],
];

const TABS = { AWAITING_SHIPMENT: 'TO_SHIP', ON_HOLD: 'TO_SHIP', IN_TRANSIT: 'SHIPPED' };

function makeOrder(_, index) {
  const [stage, status, hub, open] = KINDS[index % KINDS.length];
  const channelId = String(576461413038785752n + BigInt(index) * 13n);
  return {
    id: `1-${channelId}`, channel_order_id: channelId, shop_id: '1', channel_status: status, hub_status: hub,
    tab: TABS[status] ?? status, stage, stage_since: iso(-index * 400_000), open_conditions: open,
    created_at: iso(-index * 600_000 - DAY_MS), updated_at: iso(-index * 500_000),
    ship_by: iso((index % 70) * HOUR_MS - HOUR_MS), total: money(1299 + index * 37), units: (index % 4) + 1,
    lines: (index % 3) + 1, flags: FLAGS[index] ?? ['PREPAID'], can_stop: index === 3 ? 'PACKING' : null,
    clock: status === 'ON_HOLD' ? { hold_until: iso(HOUR_MS / 2) } : null,
  };
}

const FLAGS = [['COD', 'SPLIT'], ['PREPAID', 'SAMPLE'], ['PREPAID', 'ON_HOLD'], ['PREPAID', 'CANCEL_WANTED']];
export const orders = Array.from({ length: 412 }, makeOrder);

export function orderDetail(order) {
  const line = (number, name, sku, units) => ({
    line: number, product_id: '1729480000001', sku_id: `900${number === 1 ? 1 : 0}${number}`, seller_sku: sku, product_name: name,
    sku_name: 'Đỏ, L', units, price: money(1290), is_gift: number === 3, status: order.channel_status, package_id: null,
  });
  return {
    ...order,
    paid_at: iso(-20 * HOUR_MS),
    lines: [{ ...line(1, 'Áo thun cotton cổ tròn', 'TEE-RED-L', 2), apart: [{ units: 1, status: 'CANCELLED' }] }, line(2, 'Cốc sứ in tên', '', 1), line(3, 'Sticker', 'STK-1', 1)],
    history: [
      { at: iso(-26 * HOUR_MS), accepted_at: iso(-26 * HOUR_MS), status: 'UNPAID', source: 'pull', detail: null },
      { at: iso(-20 * HOUR_MS), accepted_at: iso(-20 * HOUR_MS), status: 'AWAITING_SHIPMENT', source: 'webhook', detail: null },
      { at: iso(-20 * HOUR_MS), accepted_at: iso(-20 * HOUR_MS), stage: order.stage, source: 'hub' },
      { at: iso(-HOUR_MS), source: 'person', user: 'demo', mark: 'TAG_PUT', detail: 'Gift' },
    ],
    packages: [{
      package_id: '1153000111222', tracking: 'GB00012345', carrier: 'Royal Mail', lines: [{ line: 1, units: 2 }, { line: 2, units: 1 }],
      with_orders: [orders[1].id],
    }],
  };
}

export function explain(order) {
  const who = { LINE_UNMAPPED: 'SELLER', STOCK_SHORT: 'WAREHOUSE', BALANCE_LOW: 'SELLER', NOT_TO_SHIP: 'MARKETPLACE', REFUSED: 'WAREHOUSE' };
  const open = order.open_conditions.map((condition) => ({ ...condition, ok: false, who: who[condition.code], fix: 'mend it' }));
  const met = ['NOT_PAID', 'SHIPPED_BY_MARKETPLACE', 'CANCEL_WANTED', 'NO_LINES', 'SHOP_UNKNOWN', 'SURCHARGE_UNSET']
    .map((code) => ({ code, ok: true, value: '', wanted: '', line: 0, who: 'SELLER', fix: '' }));
  const charges = { goods: money(3400), surcharge: money(276), shipping: money(534), total: money(4210), charged: money(0) };
  return { id: order.id, stage: order.stage, conditions: [...open, ...met], charges };
}

export const runs = [
  { id: '7', shop_id: '1', reason: 'manual', state: 'FINISHED', from: iso(-7 * DAY_MS), until: iso(0), started_at: iso(-900_000), finished_at: iso(-880_000), orders_seen: 5, orders_total: 5, failure: null },
  { id: '-1', shop_id: '1', reason: 'backfill', state: 'RUNNING', from: null, until: null, started_at: iso(-120_000), finished_at: null, orders_seen: 3120, orders_total: 4800, failure: null },
];

export const runLines = ['LOADED', 'UPDATED', 'NOT_MAPPED', 'NOT_DOWNLOADED', 'FAILED'].map((result, index) => ({
  channel_order_id: orders[index].channel_order_id, order_id: result === 'FAILED' ? null : orders[index].id, result,
  detail: result === 'FAILED' ? 'the amount is out of range' : index > 1 ? 'Cốc sứ in tên' : null, at: iso(-880_000), asked_at: null,
}));

export const productTypes = [{
  id: '900', name: 'T-shirt', needs_design: true, archived: false, product_count: 1,
  attributes: [
    { id: '901', name: 'Colour', values: [{ id: '902', name: 'Đỏ' }, { id: '903', name: 'Xanh' }] },
    { id: '904', name: 'Size', values: [{ id: '905', name: 'M' }, { id: '906', name: 'L' }] },
  ],
}];

export const variants = Array.from({ length: 60 }, (_, index) => ({
  id: String(index + 1), sku: `TEE-${index + 1}`, name: `Áo thun cotton ${index + 1}`, barcode: null, unit: null, image: null, source_link: null,
  supply: ['STOCKED', 'MADE_TO_ORDER', 'PURCHASED'][index % 3], cost: money(990 + index), weight_g: 180, archived: false,
  product: index % 2 ? null : { id: '910', name: 'Áo thun', type_id: '900', type: 'T-shirt' },
  attributes: index % 2 ? [] : [{ attribute_id: '901', attribute: 'Colour', value_id: '902', value: 'Đỏ' }],
  parts: index === 3 ? [{ variant_id: '1', sku: 'TEE-1', name: 'Áo thun cotton 1', pieces: 2 }] : [],
  missing: index % 2 ? ['BARCODE', 'IMAGE'] : ['BARCODE', 'IMAGE', 'ATTRIBUTES'],
}));

export const goodsHistory = [
  { at: iso(-60_000), by: 'demo', state: { sku: 'TEE-1', name: 'Áo thun cotton 1', cost_minor: 990, currency: 'GBP', supply: 'STOCKED' } },
  { at: iso(-7_200_000), by: 'demo', state: { sku: 'TEE-1', name: 'Áo thun', cost_minor: 900, currency: 'GBP', supply: 'MADE_TO_ORDER' } },
];

export const goodsImport = {
  id: '77', state: 'CHECKED', check_only: true, name: 'goods.csv', made_at: iso(0), made_by: 'demo', problem: null, ignored: ['Colour'],
  lines: 16, done: 16, created: 12, updated: 3, unchanged: 0, wrong: 1,
};

export const stock = variants.map(({ id, sku, name }, index) => ({
  variant_id: id, sku, name, warehouse_id: '1', on_hand: 500 + index, reserved: index, pending_out: 2, available: 498,
}));

/** A red dot: pictures of listings come from elsewhere. */
const PIXEL = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

export const listings = ['UNMAPPED', 'SYNCED', 'NOT_DOWNLOADED'].map((state, index) => ({
  id: `1-17294800${index}`, shop_id: '1', product_id: `17294800${index}`, title: 'Cốc sứ in tên – quà tặng sinh nhật', state, image_url: state === 'SYNCED' ? PIXEL : null,
  skus: [
    { sku_id: `900${index}1`, seller_sku: 'MUG-RED', title: 'Đỏ', sold: true, ordered: state === 'NOT_DOWNLOADED', parts: state === 'SYNCED' ? [{ variant_id: '1', sku: 'TEE-1', name: 'Áo thun cotton 1', unit: 'cái', image: PIXEL, pieces: 2 }] : [], problem: state === 'SYNCED' ? null : 'UNMAPPED' },
    { sku_id: `900${index}2`, seller_sku: 'MUG-BLUE', title: 'Xanh', sold: true, ordered: false, parts: [], problem: 'UNMAPPED' },
  ],
}));

export const entries = Array.from({ length: 8 }, (_, index) => ({
  id: String(100 - index), kind: index === 7 ? 'TOP_UP' : index === 2 ? 'REFUND' : 'DEBIT',
  amount: money(index === 7 ? 100000 : index === 2 ? 4210 : -4210), balance: money(100000 - 4210 * (7 - index)),
  order_id: index === 7 ? null : orders[index].id, reference: index === 7 ? 'VCB 22/11' : null, user: index === 7 ? 'demo' : null, at: iso(-index * HOUR_MS),
}));

export const settings = {
  auto_place: false, held_by_balance: true, currency: 'GBP', surcharge: { amount: '69', currency: 'GBP', per: 'unit' },
  shipping: { amount: '250', currency: 'GBP' },
};

const service = (name, more = {}) => ({
  service: name, ready: true, reason: null, version: '1.0.0', uptime_s: 86_400 + 7200, dead_letters: 0, later: 0, heal: 0,
  outbox: { inventory: { depth: 0, oldest_s: 0 }, placement: { depth: 3, oldest_s: 1 } }, ...more,
});

export const system = {
  ready: false, as_of: iso(0),
  services: [
    service('gateway', { outbox: {} }), service('connector', { later: 4 }),
    service('order-ingest', { dead_letters: 2, outbox: { 'product-mapper': { depth: 120, oldest_s: 45 } } }),
    service('product-mapper'), service('inventory', { outbox: { placement: { depth: 900, oldest_s: 400 } } }),
    { service: 'placement', ready: false, reason: 'no answer within 2 s' },
  ],
};

export const deadLetters = [1, 2].map((id) => ({
  id: String(id), type: 'channel.order', key: `1-57646141303878${id}`, rev: '12', reason: 'line 3: 0 units', seen: 4, made: iso(-id * DAY_MS),
}));

export const notices = [
  { id: '1', event: 'BALANCE_LOW', subject: '1', text: 'Order 576461413038785752 costs £42.10, the balance is £12.90.', raised_at: iso(-HOUR_MS) },
  { id: '2', event: 'SHOP_EXPIRING', subject: '2', text: 'Mũ Bảo Hiểm 24h: 5 days left.', raised_at: iso(-2 * HOUR_MS) },
];
