// The one way to the API: typed by its description, errors thrown as ApiError, commands repeated under their key.
import createClient from 'openapi-fetch';
import { ApiError, asProblem, problemOf } from './problem';
import type { Paths } from './types';

const MOST_TRIES = 3;
const FIRST_PAUSE_MS = 400;

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Unique without crypto.randomUUID, which pages over plain http do not have. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Headers of a command. The key is made once for one wish, however often it is sent. */
export const command = () => ({ 'Idempotency-Key': newKey() });

const mayRepeat = (request: Request) =>
  request.method === 'GET' || request.headers.has('Idempotency-Key');
const isPassing = (status: number) => status === 502 || status === 503 || status === 504;

/** Commands that were given up without an answer: sent again by a person, they go under their old key. */
const unanswered = new Map<string, { key: string; wish: string }>();

/** The request as it is to be sent, and what to call when its fate is known. */
async function remember(request: Request) {
  const key = request.headers.get('Idempotency-Key');
  if (key === null) return { request, settle: () => undefined };
  const place = `${request.method} ${request.url}`;
  const wish = await request.clone().text();
  const before = unanswered.get(place);
  const again = new Request(request);
  const kept = before?.wish === wish ? before.key : key;
  again.headers.set('Idempotency-Key', kept);
  const settle = (answered: boolean) => {
    if (answered) unanswered.delete(place);
    else unanswered.set(place, { key: kept, wish });
  };
  return { request: again, settle };
}

export async function steadyFetch(given: Request): Promise<Response> {
  const { request, settle } = await remember(given);
  try {
    const response = await repeat(request);
    settle(!isPassing(response.status));
    return response;
  } catch (error) {
    settle(false);
    throw error;
  }
}

/** A command that got no answer may have been carried out: repeating it with its key is safe. */
async function repeat(request: Request): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const last = tries >= MOST_TRIES || !mayRepeat(request);
    try {
      const response = await fetch(request.clone());
      if (last || !isPassing(response.status)) return response;
    } catch (error) {
      if (last || request.signal.aborted) throw error;
    }
    await pause(FIRST_PAUSE_MS * 2 ** (tries - 1));
  }
}

export const api = createClient<Paths>({
  baseUrl: globalThis.location?.origin ?? '',
  fetch: steadyFetch,
});

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or the problem thrown. */
export async function ask<Data>(answer: Promise<Answer<Data>>): Promise<NonNullable<Data>> {
  let got: Answer<Data>;
  try {
    got = await answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw error instanceof SyntaxError
      ? new ApiError(0, { code: 'ANSWER_BROKEN', detail: error.message })
      : asProblem(error);
  }
  if (!got.response.ok) throw problemOf(got.response, got.error);
  return got.data as NonNullable<Data>;
}
