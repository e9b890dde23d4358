// Orders made by hand: invented, and kept in memory.
import { iso, orders } from './data.mjs';

const ok = (body, status = 200) => ({ status, body });
const problem = (status, code, detail) => ({ status, body: { status, code, title: code, detail } });
const find = (id) => orders.find((order) => order.id === id && order.made);

function keep(made) {
  const total = made.lines.reduce((sum, { units, price_minor }) => sum + units * Number(price_minor), Number(made.shipping_minor));
  return {
    made, id: `0-${made.reference}`, channel_order_id: made.reference, shop_id: '0', channel_status: 'AWAITING_SHIPMENT',
    hub_status: 'AWAITING_CONFIRMATION', stage: 'NOT_READY', stage_since: iso(0), open_conditions: [], created_at: iso(0), updated_at: iso(0),
    ship_by: null, total: { amount: String(total), currency: made.currency }, units: made.lines.reduce((sum, { units }) => sum + units, 0),
    flags: ['MANUAL', made.is_cod ? 'COD' : 'PREPAID'], can_stop: null, clock: null,
  };
}

export const manualDetail = (order) => ({
  ...order, is_cod: order.made.is_cod, buyer_note: order.made.note, packages: [],
  shipping: { amount: order.made.shipping_minor, currency: order.made.currency },
  lines: order.made.lines.map(({ sku, name, units, price_minor }, index) => ({
    line: index + 1, sku_id: `${index}f`.repeat(16), seller_sku: sku, product_name: name, units,
    price: { amount: price_minor, currency: order.made.currency }, status: 'AWAITING_SHIPMENT',
  })),
  history: [{ at: iso(0), accepted_at: iso(0), status: 'AWAITING_SHIPMENT', source: 'person', user: 'demo' }],
});

export const MANUAL_ROUTES = {
  'POST /api/v1/orders': ({ body }) => {
    if (find(`0-${body.reference}`)) return problem(409, 'REFERENCE_TAKEN', 'another order has this reference');
    orders.push(keep(body));
    return ok({ id: `0-${body.reference}`, result: 'CREATED' }, 201);
  },
  'PUT /api/v1/orders/:id': ({ params, body }) => {
    Object.assign(find(params.id), keep(body));
    return ok({ id: params.id, result: 'CHANGED' });
  },
  'GET /api/v1/orders/:id/customer': ({ params }) => {
    const customer = find(params.id)?.made.customer;
    return customer ? ok({ name: customer.name, phone_number: customer.phone, full_address: customer.address })
      : problem(404, 'NOT_FOUND', 'nothing is kept of this buyer');
  },
  'POST /api/v1/orders/import': () => ok({
    lines: 4,
    items: [
      { reference: 'X-1', line: 2, result: 'CREATED', id: '0-X-1' }, { reference: 'X-2', line: 4, result: 'WRONG', code: 'LINE_UNITS_BAD' },
      { reference: 'X-3', line: 5, result: 'REFUSED', id: '0-X-3', code: 'PLACED' },
    ],
  }),
};
