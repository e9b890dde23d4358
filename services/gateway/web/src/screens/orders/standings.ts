// How the units of a line stand: most lines have one status, some have units that stand apart.
import type { OrderDetail } from '@/api/types';

type Line = OrderDetail['lines'][number];

export interface Standing {
  units: number;
  status: string;
}

/** Each status once, the line's own first; packages make no difference here. */
export function standings(line: Line): Standing[] {
  const apart = line.apart ?? [];
  const own = apart.reduce((units, part) => units - part.units, line.units);
  const found: Standing[] = [];
  for (const { units, status } of [{ units: own, status: line.status }, ...apart]) {
    if (!status) continue;
    const same = found.find((standing) => standing.status === status);
    if (same) same.units += units;
    else found.push({ units, status });
  }
  return found;
}
