// What of an order is to be cancelled, from what was typed.
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
