// Buyers who want to cancel, to send back, to be refunded: invented, and answered in memory.
import { iso, orders } from './data.mjs';

const HOUR_MS = 3_600_000;
const money = (amount) => ({ amount: String(amount), currency: 'GBP' });
const order = orders[0];

const base = (id, more) => ({
  id, shop_id: order.shop_id, order_id: order.id, channel_order_id: order.channel_order_id, asked_by: 'BUYER', units: 1,
  refund: money(1290), created_at: iso(-30 * HOUR_MS), updated_at: iso(-HOUR_MS), deadline_at: null, wants: null, problem: null,
  is_cancellation: false, kind: 'RETURN_AND_REFUND', reason: 'Damaged product', ...more,
});

const returns = [
  base('1-9001', {
    kind: 'BUYER_CANCEL', is_cancellation: true, state: 'TO_ANSWER', channel_status: 'CANCELLATION_REQUEST_PENDING',
    wants: 'SELLER_RESPOND_CANCEL', deadline_at: iso(4 * HOUR_MS), reason: 'No longer needed',
  }),
  base('1-9002', {
    state: 'TO_ANSWER', channel_status: 'BUYER_SHIPPED_ITEM', wants: 'SELLER_RESPOND_RECEIVE_PACKAGE',
    deadline_at: iso(40 * HOUR_MS), problem: '25030016 the parcel has not arrived',
  }),
  base('1-9003', { state: 'DONE', channel_status: 'RETURN_OR_REFUND_REQUEST_COMPLETE' }),
];
const REFUSALS = [
  { name: 'seller_reject_apply_product_has_been_packed', text: 'Product has been packed' },
  { name: 'seller_reject_apply_package_shipped', text: 'Package has been shipped' },
];
const actions = new Map();

const ok = (body, status = 200) => ({ status, body });
const none = () => ({ status: 404, body: { code: 'NOT_FOUND', status: 404, title: 'Not found' } });
const find = (id) => returns.find((one) => one.id === id);

function act(id, kind, reason, lines = null) {
  const list = actions.get(id) ?? [];
  list.push({ id: `${id}/${list.length + 1}`, kind, reason: reason ?? null, lines, state: 'REQUESTED', problem: null, user: 'demo', requested_at: iso(0) });
  actions.set(id, list);
  return ok({ state: 'REQUESTED' }, 202);
}

const isCancelled = (id) => (actions.get(id) ?? []).some(({ lines }) => !lines);

export const RETURN_ROUTES = {
  'GET /api/v1/returns': ({ query }) => {
    const states = query.get('state')?.split(',');
    const items = returns.filter((one) => (!states || states.includes(one.state)) && (query.get('order') ?? one.order_id) === one.order_id);
    return ok({ items, next_cursor: null });
  },
  'GET /api/v1/returns/counts': () => {
    const by_state = {};
    for (const { state } of returns) by_state[state] = (by_state[state] ?? 0) + 1;
    return ok({ by_state, late: by_state.TO_ANSWER ? 1 : 0 });
  },
  'GET /api/v1/returns/:id': ({ params }) => find(params.id) ? ok({
    ...find(params.id), refusals: REFUSALS, actions: actions.get(params.id) ?? [], keeps_goods: false, offer_refused: false, images: [],
    lines: [{ sku_id: '1729', units: 1, refund: money(1290), product_name: 'Cốc sứ in tên', sku_name: 'Màu đỏ' }],
    history: [{ at: iso(-30 * HOUR_MS), channel_status: find(params.id).channel_status, refund: money(1290) }],
  }) : none(),
  'POST /api/v1/returns/:id/answer': ({ params, body }) => {
    const one = find(params.id);
    one.state = 'ANSWERED';
    return act(one.id, `${body.accept ? 'ACCEPT' : 'DECLINE'}_${one.is_cancellation ? 'CANCEL' : 'RETURN'}`, body.reason);
  },
  'GET /api/v1/orders/:id/cancel': ({ params }) => ok({
    reasons: isCancelled(params.id) ? [] : [
      { name: 'seller_cancel_reason_out_of_stock_uk', meaning: 'OUT_OF_STOCK' },
      { name: 'seller_cancel_reason_wrong_price_uk', meaning: 'WRONG_PRICE' },
    ],
    unit_reasons: isCancelled(params.id) ? [] : [{ name: 'seller_cancel_reason_out_of_stock_uk', meaning: 'OUT_OF_STOCK' }],
    lines: isCancelled(params.id) ? [] : [{ line: 1, units: 2 }, { line: 2, units: 1 }],
    actions: actions.get(params.id) ?? [],
  }),
  'POST /api/v1/orders/:id/cancel': ({ params, body }) => act(params.id, 'CANCEL', body.reason, body.lines),
  'POST /api/v1/orders/:id/returned': () => ok({ stage: 'RETURNED' }),
};
