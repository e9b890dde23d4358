// How a shop stands, from what the connector says of it and how long ago it said so.
import type { Shop } from '@/api/types';

/** The list is read every 20 s: what is older than this was not answered. */
const TOLD_MS = 120_000;

/** Never FRESH by an answer that is itself old. */
export function freshnessOf(shop: Shop, toldAt: number, now = Date.now()): string {
  const said = shop.freshness ?? 'UNKNOWN';
  return said === 'FRESH' && now - toldAt > TOLD_MS ? 'UNKNOWN' : said;
}

/** The word on the badge: "connected" only while its orders really come. */
export function standingOf(shop: Shop, toldAt: number, now = Date.now()): string {
  if (shop.needs_consent) return shop.state === 'DISCONNECTED' ? 'WITHDRAWN' : 'NEEDS_CONSENT';
  if (shop.state !== 'CONNECTED') return shop.state;
  const freshness = freshnessOf(shop, toldAt, now);
  if (freshness === 'OFF') return 'OFF';
  return freshness === 'FRESH' ? 'CONNECTED' : 'BEHIND';
}

export const TROUBLES = [
  'WITHDRAWN',
  'DISCONNECTED',
  'NEEDS_CONSENT',
  'EXPIRED',
  'ENDS_SOON',
  'UNRENEWED',
  'PULL_FAILS',
  'BEHIND',
  'OFF',
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Whether agreeing again at the marketplace is what mends it. */
export const isMendedByConsent = (trouble: Trouble) =>
  ['WITHDRAWN', 'DISCONNECTED', 'NEEDS_CONSENT', 'EXPIRED', 'ENDS_SOON'].includes(trouble);

const WARN_MS = 30 * 86_400_000;

export function endsSoon(shop: Shop, now = Date.now()): boolean {
  return shop.grant_ends_at != null && Date.parse(shop.grant_ends_at) - now <= WARN_MS;
}

/** The one thing to say first; null when all is well. */
export function troubleOf(shop: Shop, toldAt: number, now = Date.now()): Trouble | null {
  if (shop.state === 'DISCONNECTED') return shop.needs_consent ? 'WITHDRAWN' : 'DISCONNECTED';
  if (shop.needs_consent) return 'NEEDS_CONSENT';
  if (shop.state === 'EXPIRED') return 'EXPIRED';
  if (endsSoon(shop, now)) return 'ENDS_SOON';
  if (shop.state === 'NEAR_EXPIRY') return 'UNRENEWED';
  const freshness = freshnessOf(shop, toldAt, now);
  if (freshness === 'OFF') return 'OFF';
  if (shop.pull_problem) return 'PULL_FAILS';
  // The first import may take longer than a pull that only follows.
  return freshness === 'STALE' && shop.state !== 'CONNECTING' ? 'BEHIND' : null;
}

export const SETUP_STEPS = ['connection', 'products', 'stock', 'orders'] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

/** The four steps, done or not; undefined while it is not known. */
export function setupOf(
  shop: Shop,
  unlinked: boolean | undefined,
): Record<SetupStep, boolean | undefined> {
  const linked = unlinked === undefined ? undefined : !unlinked;
  const connection = !shop.needs_consent && !['EXPIRED', 'DISCONNECTED'].includes(shop.state);
  return {
    connection,
    products: (shop.listings ?? 0) > 0 ? linked : false,
    stock: Boolean(shop.stock_told) && (shop.pending_stock ?? 0) === 0,
    orders:
      connection && shop.pull_on && shop.last_pull_at != null && shop.progress?.finished !== false,
  };
}
