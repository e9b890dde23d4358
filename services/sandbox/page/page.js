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
const SPEEDS = [[0, 'Stop'], [1, '1 ×'], [60, '60 ×'], [3600, '3600 ×']];
const JUMPS = [['1h', '+ 1 hour'], ['1d', '+ 1 day'], ['7d', '+ 7 days']];
const RULES = ['pay', 'unpaid', 'change_mind', 'request', 'late', 'uncollected', 'ship', 'collect', 'deliver', 'complete'];

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

function orderRow(order) {
  const row = make('tr');
  const cell = make('td');
  const buttons = make('div', undefined, { className: 'row' });
  const move = (status, more = {}) => send('POST', `/sandbox/orders/${order.id}/status`, { status, ...more });
  for (const [text, status] of NEXT[order.status] ?? []) buttons.append(button(text, () => move(status), `${text} order ${order.id}`));
  if (CANCELLABLE.includes(order.status)) buttons.append(button('Cancel', () => move('CANCELLED', { initiator: 'BUYER' }), `Cancel order ${order.id}`));
  cell.append(buttons);
  const units = `${order.units} ${order.units === 1 ? 'unit' : 'units'}`;
  row.append(make('td', order.id), make('td', `Shop ${order.shop}`), make('td', words(order.status)), make('td', units), make('td', time(order.updated)), cell);
  return row;
}

function showOrders(view) {
  const sums = {};
  for (const shop of view.shops)
    for (const [status, count] of Object.entries(shop.by_status)) sums[status] = (sums[status] ?? 0) + count;
  show('statuses', sums, (all) => Object.entries(all).map(([status, count]) => {
    const chip = make('li', `${words(status)} `);
    chip.append(make('b', number(count)));
    return chip;
  }));
  show('orders', view.orders, (all) => all.map(orderRow));
  const total = view.shops.reduce((sum, shop) => sum + shop.orders, 0);
  at('more').textContent = total > view.orders.length ? `The newest ${view.orders.length} of ${number(total)}.` : total ? '' : 'Nobody has bought anything yet.';
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
  show('webhooks', view.webhooks, (all) => Object.entries(all).flatMap(([name, count]) => [make('dt', words(name)), make('dd', number(count))]));
  list('webhook-faults', view.faults.webhooks, (fault) => `${fault.kind}: ${extent(fault)}`, 'Nothing.');
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
  const answer = await fetch('/sandbox/view');
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
  const { shop, count, status } = event.target.elements;
  send('POST', '/sandbox/orders', { shop: Number(shop.value), count: Number(count.value), status: status.value });
};
watch();
