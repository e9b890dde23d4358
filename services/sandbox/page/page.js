// The sandbox's page: asks for its state every two seconds and shows what has changed.
'use strict';

const NEXT = {
  UNPAID: [['Pay', 'ON_HOLD']],
  ON_HOLD: [['Release', 'AWAITING_SHIPMENT']],
  AWAITING_SHIPMENT: [['Ship', 'AWAITING_COLLECTION']],
  PARTIALLY_SHIPPING: [['Ship', 'AWAITING_COLLECTION']],
  AWAITING_COLLECTION: [['Collect', 'IN_TRANSIT']],
  IN_TRANSIT: [['Deliver', 'DELIVERED']],
  DELIVERED: [['Complete', 'COMPLETED']],
};
const CANCELLABLE = ['UNPAID', 'ON_HOLD', 'AWAITING_SHIPMENT', 'PARTIALLY_SHIPPING', 'AWAITING_COLLECTION', 'IN_TRANSIT'];
const REQUESTABLE = ['AWAITING_SHIPMENT', 'PARTIALLY_SHIPPING', 'AWAITING_COLLECTION'];
const RETURNABLE = ['DELIVERED', 'COMPLETED'];
// What the buyer can do in each state of a return.
const RETURNS = {
  RETURN_OR_REFUND_REQUEST_PENDING: [['Take return back', 'withdraw']],
  AWAITING_BUYER_RESPONSE: [['Accept part', 'accept-part'], ['Decline part', 'decline-part']],
  AWAITING_BUYER_SHIP: [['Send back', 'send'], ['Take return back', 'withdraw']],
  RETURN_OR_REFUND_REQUEST_SUCCESS: [['Pay refund', 'refund']],
  REPLACEMENT_REQUEST_PENDING: [['Take return back', 'withdraw']],
};
const TOPICS = { 1: 'order', 3: 'address', 4: 'packages', 5: 'product', 6: 'authorization ended', 7: 'authorization ends', 11: 'cancellation', 12: 'return' };
const SPEEDS = [[0, 'Stop'], [1, '1 ×'], [60, '60 ×'], [3600, '3600 ×']];
const JUMPS = [['1h', '+ 1 hour'], ['1d', '+ 1 day'], ['7d', '+ 7 days']];
const RULES = ['pay', 'unpaid', 'change_mind', 'request', 'late', 'uncollected', 'ship', 'fulfil', 'collect', 'deliver', 'complete'];

const at = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString('en');
const time = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
const words = (text) => text.toLowerCase().replaceAll('_', ' ');

function make(tag, text, more = {}) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  Object.assign(element, more);
  return element;
}

function button(text, press, label) {
  const made = make('button', text, { type: 'button', onclick: press });
  if (label) made.setAttribute('aria-label', label);
  return made;
}

// A part of the page is made anew only when it has changed, so that nobody loses the button under their finger.
const shown = {};
function show(id, data, parts) {
  const text = JSON.stringify(data);
  if (shown[id] === text) return;
  shown[id] = text;
  at(id).replaceChildren(...parts(data));
}

function list(id, items, line, none) {
  show(id, items, (all) => (all.length ? all.map((item) => make('li', line(item))) : [make('li', none, { className: 'quiet' })]));
}

function say(problem) {
  at('trouble').hidden = problem === '';
  at('trouble').textContent = problem;
}

async function send(method, target, body) {
  try {
    const answer = await fetch(target, { method, body: body === undefined ? undefined : JSON.stringify(body) });
    const problem = answer.ok ? '' : (await answer.json()).detail;
    await look();
    if (problem) say(problem);
  } catch {
    say('The sandbox does not answer.');
  }
}

function showClock(clock, real) {
  at('clock-now').textContent = time(clock.now);
  const apart = clock.now - real;
  const where = Math.abs(apart) < 5 ? 'as late as here' : `${number(Math.round(apart / 360) / 10)} h ahead of here`;
  at('clock-more').textContent = `UTC, ${where}; ${number(clock.waiting)} things are to happen`;
  for (const each of at('speeds').children) each.setAttribute('aria-pressed', String(Number(each.value) === clock.speed));
}

function extent(fault) {
  const share = fault.percent < 100 ? `${fault.percent} %` : 'all';
  return fault.count === undefined ? share : fault.percent < 100 ? `${share}, ${fault.count} at most` : `the next ${fault.count}`;
}

function showLife(life, scenario) {
  const on = RULES.filter((rule) => life[rule].percent > 0);
  const rate = life.orders_per_hour > 0 ? `${number(life.orders_per_hour)} orders an hour` : 'No orders of its own';
  at('life').textContent = `${rate}${on.length ? `; ${on.map(words).join(', ')}` : ''}.`;
  at('scenario').textContent = scenario.state === 'none' ? 'No scenario.' : `Scenario: ${scenario.state}, ${scenario.done} of ${scenario.events}.`;
  show('failures', scenario.failures ?? [], (all) => all.map((one) => make('li', `Line ${one.line}: ${one.what}`, { className: 'bad' })));
}

// What of an order is not said by its status.
function remarks(order) {
  const all = order.kind ? order.kind.split('+').map(words) : [];
  if (order.cancellation && order.status !== 'CANCELLED') all.push(words(order.cancellation.status).replace('cancellation request', 'cancellation'));
  if (order.return) all.push(words(order.return.status).replace('or refund request ', ''));
  return all.join(', ');
}

function actions(order) {
  const move = (status, more = {}) => send('POST', `/sandbox/orders/${order.id}/status`, { status, ...more });
  const asked = order.cancellation?.status === 'CANCELLATION_REQUEST_PENDING';
  const steps = order.return ? RETURNS[order.return.status] : undefined;
  const all = (NEXT[order.status] ?? []).map(([text, status]) => [text, () => move(status)]);
  if (CANCELLABLE.includes(order.status)) all.push(['Cancel', () => move('CANCELLED', { initiator: 'BUYER' })]);
  if (asked) all.push(['Take request back', () => send('POST', `/sandbox/cancellations/${order.cancellation.id}/withdraw`)]);
  else if (REQUESTABLE.includes(order.status)) all.push(['Ask to cancel', () => send('POST', `/sandbox/orders/${order.id}/cancellation`, {})]);
  for (const [text, event] of steps ?? []) all.push([text, () => send('POST', `/sandbox/returns/${order.return.id}/event`, { event })]);
  if (RETURNABLE.includes(order.status) && (!order.return || /(CANCEL|REJECT)$/.test(order.return.status))) {
    all.push(['Return', () => send('POST', `/sandbox/orders/${order.id}/return`, {})]);
    all.push(['Replace', () => send('POST', `/sandbox/orders/${order.id}/return`, { type: 'REPLACEMENT' })]);
  }
  return all;
}

function orderRow(order) {
  const row = make('tr');
  const cell = make('td');
  const buttons = make('div', undefined, { className: 'row' });
  for (const [text, press] of actions(order)) buttons.append(button(text, press, `${text} order ${order.id}`));
  cell.append(buttons);
  const status = make('td', words(order.status));
  const remark = remarks(order);
  if (remark) status.append(make('div', remark, { className: 'quiet' }));
  const units = `${order.units} ${order.units === 1 ? 'unit' : 'units'}`;
  row.append(make('td', order.id), make('td', `Shop ${order.shop}`), status, make('td', units), make('td', time(order.updated)), cell);
  return row;
}

let only = ''; // the status that is shown, '' for all

function choose(status) {
  only = status === only ? '' : status;
  look().catch(() => say('The sandbox does not answer.'));
}

function showOrders(view) {
  const sums = {};
  for (const shop of view.shops)
    for (const [status, count] of Object.entries(shop.by_status)) sums[status] = (sums[status] ?? 0) + count;
  show('statuses', [sums, only], ([all, chosen]) => Object.entries(all).map(([status, count]) => {
    const chip = button(`${words(status)} `, () => choose(status));
    chip.setAttribute('aria-pressed', String(status === chosen));
    chip.append(make('b', number(count)));
    return chip;
  }));
  show('orders', view.orders, (all) => all.map(orderRow));
  const total = only ? sums[only] : view.shops.reduce((sum, shop) => sum + shop.orders, 0);
  const none = only ? `No order is ${words(only)}.` : 'Nobody has bought anything yet.';
  at('more').textContent = total > view.orders.length ? `The newest ${view.orders.length} of ${number(total)}.` : total ? '' : none;
}

// "return 4036… of 5767…: awaiting buyer ship"
function noticeText({ type, data = {} } = {}) {
  if (type === undefined) return 'too long to be shown';
  const what = data.cancel_id ?? data.return_id ?? data.product_id ?? '';
  const order = data.order_id ? `${what ? ' of ' : ''}${data.order_id}` : '';
  const status = data.order_status ?? data.cancel_status ?? data.return_status ?? data.status ?? data.sc_type ?? '';
  return `${TOPICS[type] ?? `type ${type}`} ${what}${order}${status ? `: ${words(status)}` : ''}`;
}

function tryRow(one) {
  const row = make('tr');
  const nth = one.try > 1 ? `, try ${one.try}` : '';
  const answer = one.status === 0 ? 'none' : String(one.status);
  const good = one.forged ? one.status !== 200 : one.status === 200;
  row.append(make('td', time(one.at).slice(11)), make('td', `${one.forged ? 'forged: ' : ''}${noticeText(one.body)}`), make('td', answer + nth, { className: good ? '' : 'bad' }));
  return row;
}

function showWebhooks(view) {
  const sums = Object.entries(view.webhooks).filter(([name, count]) => count > 0 || name === 'delivered');
  at('webhooks').textContent = `${sums.map(([name, count]) => `${number(count)} ${words(name)}`).join(', ')}.`;
  show('tries', view.tries, (all) => all.map(tryRow));
  list('webhook-faults', view.faults.webhooks, (fault) => `${fault.kind}: ${extent(fault)}`, 'Nothing.');
}

function showShops(view) {
  const { grant } = view;
  at('grant').textContent = grant.live ? `An app is authorized until ${time(grant.ends)}; its token ends ${time(grant.token_ends)}.` : 'No app is authorized.';
  list('shops', view.shops.map((shop) => [shop.number, shop.name, shop.region, shop.orders]), ([, name, region, orders]) => `${name} (${region}): ${number(orders)} orders`, '');
  const select = at('buy').elements.shop;
  if (select.options.length !== view.shops.length)
    select.replaceChildren(...view.shops.map((shop) => make('option', shop.name, { value: shop.number })));
}

function render(view) {
  showClock(view.clock, view.real);
  showShops(view);
  showLife(view.life, view.scenario);
  showWebhooks(view);
  list('faults', view.faults.next, (fault) => `${fault.kind} on ${fault.path}: ${extent(fault)}`, 'None are ordered.');
  show('calls', view.calls, (all) => all.map((call) => {
    const row = make('tr');
    const path = make('td');
    path.append(...call.path.slice(1).split('/').flatMap((part) => [`/${part}`, make('wbr')])); // breaks between its parts
    row.append(path, make('td', number(call.count)), make('td', number(call.failed)));
    return row;
  }));
  showOrders(view);
}

async function look() {
  const answer = await fetch(`/sandbox/view${only && `?status=${only}`}`);
  render(await answer.json());
  say('');
}

async function watch() {
  if (!document.hidden) await look().catch(() => say('The sandbox does not answer.'));
  setTimeout(watch, 2000);
}

for (const [speed, text] of SPEEDS)
  at('speeds').append(Object.assign(button(text, () => send('POST', '/sandbox/clock', { speed })), { value: speed }));
for (const [advance, text] of JUMPS) at('jumps').append(button(text, () => send('POST', '/sandbox/clock', { advance })));
for (const each of document.querySelectorAll('[data-post]'))
  each.onclick = () => send('POST', each.dataset.post, JSON.parse(each.dataset.body));
for (const each of document.querySelectorAll('[data-delete]')) each.onclick = () => send('DELETE', each.dataset.delete);
at('still').onclick = () => send('POST', '/sandbox/life', { orders_per_hour: 0, ...Object.fromEntries(RULES.map((rule) => [rule, false])) });
at('buy').onsubmit = (event) => {
  event.preventDefault();
  const { shop, count, status, kind } = event.target.elements;
  const wish = { shop: Number(shop.value), count: Number(count.value), kind: kind.value };
  send('POST', '/sandbox/orders', status.value ? { ...wish, status: status.value } : wish);
};
watch();
