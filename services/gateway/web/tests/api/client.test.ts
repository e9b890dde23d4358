// The one way to the API: commands keep their key when they are repeated, problems come out as problems.
import { beforeEach, expect, test, vi } from 'vitest';
import { ask, command, newKey, steadyFetch } from '@/api/client';
import { type ApiError, asProblem } from '@/api/problem';

const URL_OF = 'http://localhost/api/v1/orders/place';
const answer = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

function post(headers: Record<string, string> = {}) {
  return new Request(URL_OF, { method: 'POST', body: '{}', headers });
}

function answers(...list: (Response | Error)[]) {
  const seen: Request[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    seen.push(request);
    const next = list.shift();
    if (next instanceof Error || next === undefined) throw next ?? new TypeError('no more answers');
    return next;
  });
  return seen;
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 400 });
});

test('keys are different, and as long as they may be', () => {
  const keys = new Set(Array.from({ length: 100 }, newKey));
  expect(keys.size).toBe(100);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
});

test('a command that was not answered is repeated under the same key', async () => {
  const seen = answers(new TypeError('line cut'), answer(504), answer(200));
  const response = await steadyFetch(post(command()));
  expect(response.status).toBe(200);
  expect(seen.map((request) => request.headers.get('Idempotency-Key'))).toEqual(
    Array(3).fill(seen[0]?.headers.get('Idempotency-Key')),
  );
});

test('a command without a key is never repeated', async () => {
  const seen = answers(answer(503), answer(200));
  expect((await steadyFetch(post())).status).toBe(503);
  expect(seen).toHaveLength(1);
});

test('a refusal is not repeated', async () => {
  const seen = answers(answer(422), answer(200));
  expect((await steadyFetch(post(command()))).status).toBe(422);
  expect(seen).toHaveLength(1);
});

test('patience ends', async () => {
  const seen = answers(answer(503), answer(503), answer(503), answer(200));
  expect((await steadyFetch(post(command()))).status).toBe(503);
  expect(seen).toHaveLength(3);
});

test('a command that was given up goes under its old key when it is sent again', async () => {
  const seen = answers(answer(504), answer(504), answer(504), answer(200), answer(200));
  await steadyFetch(post(command()));
  await steadyFetch(post(command()));
  await steadyFetch(post(command()));
  const keys = seen.map((request) => request.headers.get('Idempotency-Key'));
  expect(new Set(keys.slice(0, 4)).size).toBe(1);
  expect(keys[4]).not.toBe(keys[0]);
});

test('another command to the same place gets a key of its own', async () => {
  const seen = answers(
    new TypeError('cut'),
    new TypeError('cut'),
    new TypeError('cut'),
    answer(200),
    answer(200),
  );
  await expect(steadyFetch(post(command()))).rejects.toThrow('cut');
  await steadyFetch(
    new Request(URL_OF, { method: 'POST', body: '{"on":false}', headers: command() }),
  );
  await steadyFetch(post(command()));
  const keys = seen.map((request) => request.headers.get('Idempotency-Key'));
  expect(new Set(keys).size).toBe(3);
});

test('a problem keeps its code, its words and its trace', async () => {
  const body = {
    type: 'about:blank',
    title: 'No',
    status: 401,
    code: 'SIGNED_OUT',
    detail: 'Sign in.',
    trace_id: 'abc',
    set_up: false,
  };
  const asked = ask(Promise.resolve({ error: body, response: answer(401, body) }));
  const problem = await asked.catch((error: ApiError) => error);
  expect(problem).toMatchObject({
    status: 401,
    code: 'SIGNED_OUT',
    detail: 'Sign in.',
    traceId: 'abc',
    setUp: false,
    isSignedOut: true,
  });
});

test('how long to wait is read from the answer', async () => {
  const response = answer(429, {}, { 'Retry-After': '17' });
  const problem = await ask(
    Promise.resolve({ error: { code: 'LOGIN_THROTTLED' }, response }),
  ).catch(asProblem);
  expect(problem).toMatchObject({ code: 'LOGIN_THROTTLED', retryAfterS: 17 });
});

test('an answer that is no problem document gets a code of its own', async () => {
  const problem = await ask(Promise.resolve({ error: '<html>', response: answer(502) })).catch(
    asProblem,
  );
  expect(problem).toMatchObject({ code: 'HTTP_502' });
});

test('no answer at all is a problem as well', async () => {
  const problem = await ask(Promise.reject(new TypeError('Failed to fetch'))).catch(asProblem);
  expect(problem).toMatchObject({ status: 0, code: 'NO_ANSWER' });
  const broken = await ask(Promise.reject(new SyntaxError('Unexpected end'))).catch(asProblem);
  expect(broken).toMatchObject({ code: 'ANSWER_BROKEN' });
});

test('what was given up is no problem', async () => {
  const gone = new DOMException('aborted', 'AbortError');
  await expect(ask(Promise.reject(gone))).rejects.toBe(gone);
});

test('data is given as it came', async () => {
  expect(await ask(Promise.resolve({ data: { run_id: '7' }, response: answer(202) }))).toEqual({
    run_id: '7',
  });
});
