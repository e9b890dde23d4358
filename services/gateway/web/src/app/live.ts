// Live events: one stream for all tabs of a browser, which tell each other; queries are read again when something changed.
import type { QueryKey } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { queries } from './queries';

export type LiveState = 'live' | 'connecting' | 'away';
export interface Change {
  event: 'shops' | 'orders' | 'placement';
  ids: string[] | null;
}

const AGAIN_MS = [1000, 2000, 5000, 10000, 30000];
const GATHER_MS = 1500; // changes come up to once a second: read at most this often

/** What to read again for each event.  The order list decides for itself: rows must not jump. */
export const TOUCHED: Record<Change['event'], QueryKey[]> = {
  shops: [['shops'], ['connect'], ['runs']],
  orders: [['orders', 'counts'], ['order'], ['returns'], ['runs']],
  placement: [['orders', 'counts'], ['order'], ['wallet'], ['settings'], ['stock'], ['notices']],
};

let state: LiveState = 'connecting';
const watchers = new Set<() => void>();
const listeners = new Set<(change: Change) => void>();

function setState(next: LiveState): void {
  if (next === state) return;
  state = next;
  for (const watcher of watchers) watcher();
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );
}

/** Called for each change while the screen is shown. */
export function useChanges(listener: (change: Change) => void): void {
  useEffect(() => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [listener]);
}

let gathered = new Set<QueryKey>();
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * What is being read is let finish, and read again when it has: were it given up for each change, a slow answer or the
 * next page of a list would never come while changes do.
 */
function readAgain(): void {
  timer = undefined;
  const late = new Set<QueryKey>();
  for (const queryKey of gathered) {
    if (queries.isFetching({ queryKey }) > 0) late.add(queryKey);
    void queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
  }
  gathered = late;
  if (late.size > 0) timer = setTimeout(readAgain, GATHER_MS);
}

export function onChange(change: Change): void {
  for (const listener of listeners) listener(change);
  for (const queryKey of TOUCHED[change.event]) gathered.add(queryKey);
  timer ??= setTimeout(readAgain, GATHER_MS);
}

interface Told {
  change?: Change;
  state?: LiveState;
}

function take(told: Told, wasAway: { now: boolean }): void {
  if (told.change) onChange(told.change);
  if (!told.state) return;
  setState(told.state);
  if (told.state === 'away') wasAway.now = true;
  if (told.state === 'live' && wasAway.now) {
    wasAway.now = false;
    void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
  }
}

/** Holds the stream open until `ended`; begins again by itself. */
function holdStream(tell: (told: Told) => void): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  const open = () => {
    source = new EventSource('/api/v1/events');
    source.onopen = () => {
      tries = 0;
      tell({ state: 'live' });
    };
    source.onerror = () => {
      tell({ state: 'away' });
      source?.close();
      again = setTimeout(open, AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)]);
    };
    for (const event of ['shops', 'orders', 'placement'] as const)
      source.addEventListener(event, (message) =>
        tell({ change: readChange(event, message.data) }),
      );
  };
  open();
  return () => {
    clearTimeout(again);
    source?.close();
  };
}

export function readChange(event: Change['event'], data: string): Change {
  try {
    const ids: unknown = JSON.parse(data).ids;
    return { event, ids: Array.isArray(ids) ? ids.map(String) : null };
  } catch {
    return { event, ids: null };
  }
}

/** The first tab holds the stream, the others listen to it; when it closes, the next one takes over. */
function share(): () => void {
  const wasAway = { now: false };
  const hear = (told: Told) => take(told, wasAway);
  if (!navigator.locks || typeof BroadcastChannel === 'undefined') return holdStream(hear);
  const channel = new BroadcastChannel('sampan.live');
  const leaving = new AbortController();
  let release: (() => void) | undefined;
  let held: (() => void) | undefined;
  let now: LiveState = 'connecting';
  const tell = (told: Told) => {
    if (told.state) now = told.state;
    hear(told);
    channel.postMessage(told);
  };
  channel.onmessage = ({ data }) => {
    if (data === 'how?') {
      if (held) channel.postMessage({ state: now });
    } else hear(data as Told);
  };
  channel.postMessage('how?');
  navigator.locks
    .request('sampan.live', { signal: leaving.signal }, () => {
      held = holdStream(tell);
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    })
    .catch(() => undefined); // left before its turn came
  return () => {
    leaving.abort();
    held?.();
    release?.();
    channel.close();
  };
}

export function useLive(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const end = share();
    return () => {
      end();
      clearTimeout(timer);
      timer = undefined;
    };
  }, [on]);
}
