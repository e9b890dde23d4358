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
    progress: { orders_seen: 3120, orders_total: 4800, finished: false },
  },
  {
    id: '2', alias: 'Mũ Bảo Hiểm 24h', region: 'VN', state: 'NEAR_EXPIRY', channel_shop_id: '7495550012341111',
    connected_at: iso(-300 * DAY_MS), grant_ends_at: iso(5 * DAY_MS), pull_on: false, warehouse_id: '1',
    orders_seen: 88120, listings: 1200, last_pull_at: iso(-3 * HOUR_MS), last_webhook_at: iso(-50_000),
    pending_fetches: 0, progress: null, pull_problem: 'The marketplace asks us to slow down.',
  },
];

const conditions = {
  unmapped: { code: 'LINE_UNMAPPED', value: 'Cốc sứ in tên – Màu đỏ', wanted: '', line: 2 },
  short: { code: 'STOCK_SHORT', value: '1', wanted: '3', line: 1 },
  balance: { code: 'BALANCE_LOW', value: '1290 GBP', wanted: '4210 GBP', line: 0 },
  hold: { code: 'NOT_TO_SHIP', value: 'ON_HOLD', wanted: 'AWAITING_SHIPMENT, PARTIALLY_SHIPPING', line: 0 },
  refused: { code: 'REFUSED', value: 'the order is cancelled here', wanted: '', line: 0 },
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

function makeOrder(_, index) {
  const [stage, status, hub, open] = KINDS[index % KINDS.length];
  const channelId = String(576461413038785752n + BigInt(index) * 13n);
  return {
    id: `1-${channelId}`, channel_order_id: channelId, shop_id: '1', channel_status: status, hub_status: hub,
    stage, stage_since: iso(-index * 400_000), open_conditions: open,
    created_at: iso(-index * 600_000 - DAY_MS), updated_at: iso(-index * 500_000),
    ship_by: iso((index % 70) * HOUR_MS - HOUR_MS), total: money(1299 + index * 37), units: (index % 4) + 1,
    lines: (index % 3) + 1,
  };
}

export const orders = Array.from({ length: 412 }, makeOrder);

export function orderDetail(order) {
  const line = (number, name, sku, units) => ({
    line: number, product_id: '1729480000001', sku_id: `17294800000${number}`, seller_sku: sku, product_name: name,
    sku_name: 'Đỏ, L', units, price: money(1290), is_gift: number === 3, status: order.channel_status, package_id: null,
  });
  return {
    ...order,
    paid_at: iso(-20 * HOUR_MS),
    lines: [{ ...line(1, 'Áo thun cotton cổ tròn', 'TEE-RED-L', 2), apart: [{ units: 1, status: 'CANCELLED' }] }, line(2, 'Cốc sứ in tên', '', 1), line(3, 'Sticker', 'STK-1', 1)],
    history: [
      { at: iso(-26 * HOUR_MS), status: 'UNPAID', source: 'webhook', detail: null },
      { at: iso(-20 * HOUR_MS), status: 'AWAITING_SHIPMENT', source: 'pull', detail: null },
    ],
    packages: [{ package_id: '1153000111222', tracking: 'GB00012345', carrier: 'Royal Mail' }],
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
  detail: result === 'FAILED' ? 'the amount is out of range' : index > 1 ? 'Cốc sứ in tên' : null, at: iso(-880_000),
}));

export const variants = Array.from({ length: 60 }, (_, index) => ({
  id: String(index + 1), sku: `TEE-${index + 1}`, name: `Áo thun cotton ${index + 1}`, barcode: null,
  supply: ['STOCKED', 'MADE_TO_ORDER', 'PURCHASED'][index % 3], cost: money(990 + index), weight_g: 180,
}));

export const stock = variants.map(({ id, sku, name }, index) => ({
  variant_id: id, sku, name, warehouse_id: '1', on_hand: 500 + index, reserved: index, pending_out: 2, available: 498,
}));

export const listings = ['UNMAPPED', 'SYNCED', 'NOT_DOWNLOADED'].map((state, index) => ({
  id: `1-17294800${index}`, shop_id: '1', product_id: `17294800${index}`, title: 'Cốc sứ in tên – quà tặng sinh nhật', state, image_url: null,
  skus: [
    { sku_id: `900${index}1`, seller_sku: 'MUG-RED', title: 'Đỏ', parts: state === 'SYNCED' ? [{ variant_id: '1', sku: 'TEE-1', pieces: 2 }] : [], problem: state === 'SYNCED' ? null : 'UNMAPPED' },
    { sku_id: `900${index}2`, seller_sku: 'MUG-BLUE', title: 'Xanh', parts: [], problem: 'UNMAPPED' },
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
