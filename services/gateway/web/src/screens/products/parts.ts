// "SKU pieces" lines: what one unit of a listing SKU is made of.
import type { Listing } from '@/api/types';

const MOST_PARTS = 20;
const MOST_PIECES = 1000;

type Part = NonNullable<Listing['skus'][number]['parts']>[number];

export function writeParts(parts: Part[]): string {
  return parts
    .filter((part) => part.sku)
    .map((part) => (part.pieces === 1 ? part.sku : `${part.sku} ${part.pieces}`))
    .join('\n');
}

/** One piece when no number is said; `wrong` are the numbers of the lines that are none. */
export function readParts(text: string): {
  parts: { sku: string; pieces: number }[];
  wrong: number[];
} {
  const parts: { sku: string; pieces: number }[] = [];
  const wrong: number[] = [];
  text.split(/\r?\n/).forEach((row, index) => {
    const [sku, pieces = '1', ...more] = row.trim().split(/[\s,;]+/);
    if (!sku) return;
    const count = /^\d{1,4}$/.test(pieces) ? Number(pieces) : 0;
    if (count < 1 || count > MOST_PIECES || more.length > 0 || parts.length === MOST_PARTS)
      wrong.push(index + 1);
    else parts.push({ sku, pieces: count });
  });
  return { parts, wrong };
}
