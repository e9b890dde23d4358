// How a shop stands, what is said first, and what a day's certificate says.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Certificate, Shop } from '@/api/types';
import { activityTone } from '@/screens/shops/activity';
import { certificateState, sumOf } from '@/screens/shops/certificate';
import { freshnessOf, setupOf, standingOf, TROUBLES, troubleOf } from '@/screens/shops/standing';
import { toneOf } from '@/status/tones';
import { CATALOGUES, LANGUAGES, textAt } from '../words';

const NOW = Date.parse('2026-11-21T22:30:00Z');
const well: Shop = {
  id: '1',
  alias: 'A',
  region: 'VN',
  state: 'CONNECTED',
  channel_shop_id: '7',
  pull_on: true,
  needs_consent: false,
  freshness: 'FRESH',
  grant_ends_at: '2027-11-21T00:00:00Z',
  last_pull_at: '2026-11-21T22:29:30Z',
  listings: 3,
  stock_told: true,
};
const standing = (part: Partial<Shop>, toldAt = NOW) =>
  standingOf({ ...well, ...part }, toldAt, NOW);
const trouble = (part: Partial<Shop>) => troubleOf({ ...well, ...part }, NOW, NOW);

test('only a shop whose orders really come is green', () => {
  expect(toneOf('shop', standing({}))).toBe('good');
  for (const part of [
    { freshness: 'STALE' as const },
    { freshness: 'OFF' as const },
    { state: 'EXPIRED' as const },
    { needs_consent: true },
  ])
    expect(toneOf('shop', standing(part)), JSON.stringify(part)).not.toBe('good');
});

test('a withdrawn agreement has one word, on the badge as in what is wrong', () => {
  const withdrawn = { state: 'DISCONNECTED' as const, needs_consent: true };
  expect(standing(withdrawn)).toBe('WITHDRAWN');
  expect(trouble(withdrawn)).toBe('WITHDRAWN');
  expect(standing({ state: 'DISCONNECTED' })).toBe('DISCONNECTED');
});

test('an answer that is itself old is not taken for fresh', () => {
  expect(freshnessOf(well, NOW - 60_000, NOW)).toBe('FRESH');
  expect(freshnessOf(well, NOW - 180_000, NOW)).toBe('UNKNOWN');
  expect(standing({}, NOW - 180_000)).toBe('BEHIND');
  expect(freshnessOf({ ...well, freshness: 'STALE' }, NOW - 180_000, NOW)).toBe('STALE');
});

test('the one thing that must be done is said before what mends itself', () => {
  expect(trouble({})).toBe(null);
  expect(trouble({ pull_problem: 'x' })).toBe('PULL_FAILS');
  expect(trouble({ freshness: 'STALE' })).toBe('BEHIND');
  expect(trouble({ freshness: 'STALE', state: 'CONNECTING' })).toBe(null);
  expect(trouble({ freshness: 'OFF', pull_on: false })).toBe('OFF');
  expect(trouble({ grant_ends_at: '2026-12-01T00:00:00Z', pull_problem: 'x' })).toBe('ENDS_SOON');
  expect(trouble({ state: 'NEAR_EXPIRY' })).toBe('UNRENEWED');
  expect(trouble({ state: 'EXPIRED' })).toBe('EXPIRED');
  expect(trouble({ state: 'EXPIRED', needs_consent: true })).toBe('NEEDS_CONSENT');
  expect(trouble({ state: 'DISCONNECTED', needs_consent: true })).toBe('WITHDRAWN');
  expect(trouble({ state: 'DISCONNECTED' })).toBe('DISCONNECTED');
});

test('every trouble says what it is and what to do', () => {
  for (const language of LANGUAGES)
    for (const name of TROUBLES)
      for (const key of [`shopTrouble.${name}`, `shopTrouble.${name}_DO`])
        expect(textAt(CATALOGUES[language], key), `${language} ${key}`).toBeTruthy();
});

test('the four steps are done by what is really there', () => {
  expect(setupOf(well, false)).toEqual({
    connection: true,
    products: true,
    stock: true,
    orders: true,
  });
  expect(setupOf(well, undefined).products).toBe(undefined);
  expect(setupOf(well, true).products).toBe(false);
  expect(setupOf({ ...well, listings: 0 }, false).products).toBe(false);
  expect(setupOf({ ...well, pending_stock: 2 }, false).stock).toBe(false);
  expect(setupOf({ ...well, progress: { finished: false } }, false).orders).toBe(false);
  expect(setupOf({ ...well, pull_on: false }, false).orders).toBe(false);
  expect(setupOf({ ...well, needs_consent: true }, false).connection).toBe(false);
});

const day: Certificate = { day: '2026-11-20', listed: 120, held: 120, difference: 0, over: true };

test('a day is complete only without a difference', () => {
  expect(certificateState(day)).toBe('COMPLETE');
  expect(certificateState({ ...day, over: false })).toBe('SO_FAR');
  expect(certificateState({ ...day, found: 3 })).toBe('MENDED');
  expect(certificateState({ ...day, stale: ['1-5'] })).toBe('BEHIND');
  expect(certificateState({ ...day, difference: 1, over: false })).toBe('DIFFERS');
});

test('days are summed with their span', () => {
  const days = [{ ...day, day: '2026-11-21', listed: 7, held: 6, difference: 1 }, day];
  expect(sumOf(days)).toEqual({
    listed: 127,
    held: 126,
    difference: 1,
    first: '2026-11-20',
    last: '2026-11-21',
  });
});

const CONNECTOR = join(import.meta.dirname, '../../../../connector');

/** What the connector's sources note as having happened to a shop. */
function noted(): string[] {
  const sources = readdirSync(CONNECTOR)
    .filter((name) => name.endsWith('.c'))
    .map((name) => readFileSync(join(CONNECTOR, name), 'utf8'))
    .join('\n');
  const places =
    /store_shop_event\(ctx[^;]*|\.event = [^,;]*|\bnote\(ctx, task, [^;]*|"[a-z]+-(pulled|swept)"|"task-[a-z]+"/g;
  const events = [...sources.matchAll(places)].flatMap(([place]) =>
    [...place.matchAll(/"([a-z]+(?:-[a-z]+)*)"/g)].map((found) => found[1] ?? ''),
  );
  return [...new Set(events)];
}

test.skipIf(!existsSync(CONNECTOR))('all that is noted of a shop has its words', () => {
  const events = noted();
  expect(events.length).toBeGreaterThan(25);
  const missing = events.filter((event) => !textAt(CATALOGUES.en, `shopEvent.${event}`));
  expect(missing).toEqual([]);
});

test('what failed does not look done', () => {
  expect(activityTone('orders-pulled')).toBe('good');
  expect(activityTone('pull-failed')).toBe('bad');
  expect(activityTone('webhooks-failed')).toBe('bad');
  expect(activityTone('task-unknown')).toBe('warn');
});
