// What of an order is to be cancelled, from what was typed; and why.
import type { TFunction } from 'i18next';
import type { Cancelling, LineUnits } from '@/api/types';

const sum = (lines: LineUnits[]): number => lines.reduce((total, { units }) => total + units, 0);

/** Of a single unit there is nothing to choose. */
export const mayChooseUnits = ({ unit_reasons, lines }: Cancelling): boolean =>
  unit_reasons.length > 0 && sum(lines) > 1;

/** The lines of which units are wanted; none when a number cannot be. */
export function chosenUnits(open: LineUnits[], typed: Record<number, string>): LineUnits[] {
  const wanted = open.map(({ line, units }) => {
    const number = Number(typed[line] || 0);
    return {
      line,
      units: number,
      fits: Number.isInteger(number) && number >= 0 && number <= units,
    };
  });
  if (wanted.some(({ fits }) => !fits)) return [];
  return wanted.filter(({ units }) => units > 0).map(({ line, units }) => ({ line, units }));
}

/** What the marketplace's names of reasons have in common, whatever the country and whether it was paid. */
const MEANINGS: [part: string, meaning: string][] = [
  ['out_of_stock', 'OUT_OF_STOCK'],
  ['wrong_price', 'WRONG_PRICE'],
  ['address_not_deliver', 'NOT_DELIVERABLE'],
  ['hasnt_paid', 'NOT_PAID'],
  ['buyer_requested', 'BUYER_ASKED'],
];

/** "seller_cancel_reason_out_of_stock_uk" → "Out of stock"; what is none of them as it is. */
export function cancelReasonText(name: string, t: TFunction): string {
  const meaning = MEANINGS.find(([part]) => name.includes(part))?.[1];
  return meaning ? t(`cancelReason.${meaning}`) : name;
}
