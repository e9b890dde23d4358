// Notes and tags of orders: invented, and changed in memory.
import { iso, orders } from './data.mjs';

const ok = (body, status = 200) => ({ status, body });
const problem = (status, code, detail) => ({ status, body: { status, code, title: code, detail } });
const orderOf = (id) => orders.find((order) => order.id === id);
const version = (number, text) => ({ version: number, at: iso(0), user: 'demo', text });

const tags = [{ id: '1', name: 'Gift', colour: 'pink' }, { id: '2', name: 'Gấp', colour: 'red' }];
const MOST = 10;
orders[0].tags = [tags[0]];
orders[1].tags = Array.from({ length: MOST }, (_, index) => ({ id: String(100 + index), name: `Full ${index}`, colour: 'gray' }));
const notes = new Map();
const notesOf = (id) => notes.get(id) ?? notes.set(id, []).get(id);

function tagOne({ put = [], take = [] }, id) {
  const order = orderOf(id);
  if (!order) return 'NOT_FOUND';
  const before = order.tags ?? [];
  const after = [...before.filter((tag) => !take.includes(tag.id)), ...tags.filter((tag) => put.includes(tag.id) && !before.includes(tag))];
  if (after.length > MOST) return 'TOO_MANY';
  order.tags = after;
  return after.length === before.length && after.every((tag) => before.includes(tag)) ? 'UNCHANGED' : 'CHANGED';
}

export const MARK_ROUTES = {
  'GET /api/v1/tags': () => ok({ items: tags }),
  'POST /api/v1/tags': ({ body }) => {
    if (tags.some(({ name }) => name.toLowerCase() === body.name.toLowerCase())) return problem(409, 'NAME_TAKEN', 'another tag has this name');
    tags.push({ id: String(tags.length + 1), ...body });
    return ok({ id: tags.at(-1).id }, 201);
  },
  'PUT /api/v1/tags/:id': ({ body, params }) => ok({ id: Object.assign(tags.find(({ id }) => id === params.id), body).id }),
  'DELETE /api/v1/tags/:id': ({ params }) => {
    tags.splice(tags.findIndex(({ id }) => id === params.id), 1);
    for (const order of orders) order.tags = order.tags?.filter(({ id }) => id !== params.id);
    return ok({ id: params.id });
  },
  'POST /api/v1/orders/tags': ({ body }) => ok({ items: body.ids.map((id) => ({ id, result: tagOne(body, id) })) }),
  'GET /api/v1/orders/:id/notes': ({ params }) => ok({ items: [...notesOf(params.id)].reverse() }),
  'POST /api/v1/orders/:id/notes': ({ body, params }) => {
    const own = notesOf(params.id);
    own.push({ note: own.length + 1, versions: [version(1, body.text)] });
    return ok({ note: own.length, version: 1 }, 201);
  },
  'PUT /api/v1/orders/:id/notes/:note': ({ body, params }) => {
    const { versions } = notesOf(params.id).find(({ note }) => String(note) === params.note);
    if (body.version !== versions.length) return problem(409, 'NOTE_CHANGED', 'somebody changed it meanwhile');
    versions.push(version(versions.length + 1, body.text));
    return ok({ note: Number(params.note), version: versions.length });
  },
};
