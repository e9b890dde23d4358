// What was settled, and who bought: invented, in the shapes of docs/api/openapi.yaml.
import { iso, orders } from './data.mjs';

const HOUR_MS = 3_600_000;
const money = (amount) => ({ amount: String(amount), currency: 'GBP' });
const LINES = [
  { part: 'FEE', name: 'platform_commission_amount', amount: money(-225) },
  { part: 'SHIPPING', name: 'actual_shipping_fee_amount', amount: money(-349) },
];

const of = (order, more) => ({
  id: `1-1/${order.channel_order_id}`, shop_id: '1', statement_id: '1', order_id: order.id, channel_order_id: order.channel_order_id,
  kind: 'ORDER', state: 'MATCHED', is_cod: false, settled_at: iso(-30 * HOUR_MS), transactions: 1, expected: money(2500),
  settled: money(1926), unexplained: money(0), lines: LINES, ...more,
});

const settlements = [
  of(orders[0], {}),
  of(orders[1], { state: 'UNEXPLAINED', is_cod: true, settled: money(1913), unexplained: money(-13) }),
  {
    id: '1-1/9', shop_id: '1', statement_id: '1', order_id: null, channel_order_id: null, kind: 'PLATFORM_PENALTY', state: 'NO_ORDER',
    is_cod: null, settled_at: iso(-30 * HOUR_MS), transactions: 1, expected: money(0), settled: money(-700), unexplained: money(0),
    lines: [{ part: 'ADJUSTMENT', name: 'PLATFORM_PENALTY', amount: money(-700) }],
  },
];

const paid = (orders, settled, unexplained) =>
  ({ orders, expected: money(2500), settled: money(settled), unexplained: money(unexplained), unexplained_orders: unexplained ? 1 : 0 });
const report = {
  totals: [{
    currency: 'GBP', orders: 2, expected: money(5000), parts: { FEE: money(-450), SHIPPING: money(-698), ADJUSTMENT: money(-700) },
    unexplained: money(-13), settled: money(3139), unmatched_payouts: { count: 1, settled: money(-700) },
    unmatched_orders: { count: 3, expected: money(7500) },
  }],
  items: [{
    shop_id: '1', currency: 'GBP', paid: { prepaid: paid(1, 1926, 0), cod: paid(1, 1913, -13) },
    by_state: { MATCHED: { count: 1, settled: money(1926) }, UNEXPLAINED: { count: 1, settled: money(1913) }, NO_ORDER: { count: 1, settled: money(-700) } },
    reserve: { collected: money(-900) }, unsettled: { cod: { orders: 3, expected: money(7500) } },
    statements: { count: 4, paid: 3, settled: money(2644), difference: money(-495) }, lines: LINES,
  }],
};

const ok = (body, status = 200) => ({ status, body });
const accesses = [];
const erasures = [];

export const MONEY_ROUTES = {
  'GET /api/v1/settlements': ({ query }) =>
    ok({ items: settlements.filter(({ state }) => !query.get('state') || state === query.get('state')), next_cursor: null }),
  'GET /api/v1/settlements/report': () => ok(report),
  'GET /api/v1/orders/:id/buyer': ({ params }) => {
    accesses.unshift({ id: String(accesses.length + 1), order_id: params.id, user: 'demo', at: iso(0) });
    return ok({ name: 'Nguyễn Linh', phone_number: '(+84)912345678', full_address: 'Hà Nội, 1 Phố Huế', email: 'linh@chat.example.com' });
  },
  'GET /api/v1/buyers/accesses': () => ok({ items: accesses, next_cursor: null }),
  'GET /api/v1/buyers/erasures': () => ok({ items: erasures, next_cursor: null }),
  'POST /api/v1/buyers/erasures': ({ body }) => {
    const proof = {
      id: String(erasures.length + 1), at: iso(0), user: 'demo', reason: body.reason, by: body.phone ? 'PHONE' : 'ORDER', orders: [orders[0].id],
      order_count: 2, held: 2, letters: 0, digest: 'a3c1f0de9b7788112233445566778899a3c1f0de9b7788112233445566778899', left: 0,
    };
    erasures.unshift(proof);
    return ok(proof);
  },
};
