// The status table, the past of an order and its way through the services: invented, and changed in memory.
import { iso, orderDetail, orders } from './data.mjs';
import { MANUAL_ROUTES, manualDetail } from './manual.mjs';

const HOUR_MS = 3_600_000;
const ok = (body, status = 200) => ({ status, body });
const problem = (status, code, detail) => ({ status, body: { status, code, title: code, detail } });
const orderOf = (id) => orders.find((order) => order.id === id);

const rule = (channel_status, hub_status, status_group, tab, legacy_code, cause = '') => ({
  channel_status, cause, hub_status, status_group, tab, legacy_code, own: false,
  default: hub_status === 'UNKNOWN' ? null : { hub_status, status_group },
  orders: orders.filter((order) => order.channel_status === channel_status && !cause).length,
});
const table = [
  rule('UNPAID', 'NEW', 'NEW', 'UNPAID', 100),
  rule('AWAITING_SHIPMENT', 'AWAITING_CONFIRMATION', 'PROCESSING', 'TO_SHIP', 111),
  rule('IN_TRANSIT', 'IN_TRANSIT', 'DELIVERING', 'SHIPPED', 121),
  rule('CANCELLED', 'CUSTOMER_CANCELLED', 'CANCELLED', 'CANCELLED', 140, 'BUYER'),
  rule('AWAITING_DRONE', 'UNKNOWN', 'UNKNOWN', null, null),
];
let kept = null;
const history = [];
const find = ({ channel_status, cause = '' }) => table.find((one) => one.channel_status === channel_status && one.cause === cause);

const hop = (service, fact, at, took_ms) => ({
  service, fact, trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', emitted_at: iso(at), committed_at: iso(at + took_ms), took_ms,
});

const result = (id, result, code) => ({ id, result, ...(code ? { reasons: [{ code, value: orderOf(id)?.stage ?? '' }] } : {}) });

/** As deletion_rules.c has it. */
function remove(id, override) {
  const order = orderOf(id);
  if (order.deletion) return result(id, 'UNCHANGED');
  if (!['UNSYNC', 'NOT_READY', 'CANCELLED'].includes(order.stage)) return result(id, 'REFUSED', 'NOT_A_DRAFT');
  if (order.channel_status !== 'CANCELLED' && !override) return result(id, 'REFUSED', 'NOT_CANCELLED');
  Object.assign(order, { deletion: { at: iso(0), user: 'demo', reason: 'a test order' }, was: order.stage, stage: 'DELETED' });
  return result(id, 'DELETED');
}

function restore(id) {
  const order = orderOf(id);
  if (!order.deletion) return result(id, 'UNCHANGED');
  Object.assign(order, { deletion: null, stage: order.was });
  return result(id, 'RESTORED');
}

export const BOOK_ROUTES = {
  ...MANUAL_ROUTES,
  'POST /api/v1/orders/delete': ({ body }) => ok({ items: body.ids.map((id) => remove(id, body.override)) }),
  'POST /api/v1/orders/restore': ({ body }) => ok({ items: body.ids.map(restore) }),
  'GET /api/v1/orders/:id': ({ params, query }) => {
    const order = orderOf(params.id);
    if (!order) return problem(404, 'NOT_FOUND', 'there is no such order');
    const detail = order.made ? manualDetail(order) : orderDetail(order);
    const at = query.get('at');
    return ok(at ? { ...detail, channel_status: 'UNPAID', hub_status: 'NEW', stage: 'NOT_READY', as_of: at, history: detail.history.slice(0, 1) } : detail);
  },
  'GET /api/v1/orders/:id/timeline': () => ok({
    hops: [hop('order-ingest', 'order.staged', -HOUR_MS + 40, 6.2), hop('placement', 'order.allocated', -HOUR_MS + 30, 8.9),
      hop('inventory', 'order.mapped', -HOUR_MS + 20, 7.1), hop('order-ingest', 'channel.order', -HOUR_MS, 11.4),
      hop('connector', 'marketplace', -HOUR_MS - 1500, 1500)],
    silent: ['product-mapper'],
  }),
  'GET /api/v1/settings/statuses': () => ok({ rev: String(history.length), items: table }),
  'GET /api/v1/settings/statuses/history': () => ok({ items: history }),
  'POST /api/v1/settings/statuses/preview': ({ body }) => {
    const rules = body.rules.map((change) => {
      const now = find(change);
      const to = change.hub_status ? { hub_status: change.hub_status, status_group: change.status_group } : now.default;
      return {
        channel_status: now.channel_status, cause: now.cause, from: { hub_status: now.hub_status, status_group: now.status_group }, to,
        default: !change.hub_status, orders: now.orders,
        first_ids: orders.filter((order) => order.channel_status === now.channel_status).slice(0, 3).map(({ id }) => id),
      };
    });
    kept = { token: 'a0a0a0a0-0000-4000-8000-000000000001', orders: rules.reduce((sum, one) => sum + one.orders, 0), rules };
    return ok(kept);
  },
  'PUT /api/v1/settings/statuses': ({ body }) => {
    if (!kept || body.token !== kept.token) return problem(409, 'PREVIEW_MISSING', 'look at what changes first');
    for (const one of kept.rules) Object.assign(find(one), one.to, { own: !one.default });
    history.unshift({ at: iso(0), user: 'demo', rules: kept.rules });
    kept = null;
    return ok({ rev: String(history.length), items: table });
  },
};
