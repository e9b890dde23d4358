// "SKU difference" lines as people paste them from a sheet.
export const MOST_LINES = 5000;
const MOST_DELTA = 1_000_000_000;

export interface StockLine {
  sku: string;
  delta: number;
}

/** `wrong` are the numbers of the lines that are none. */
export function readLines(text: string): { lines: StockLine[]; wrong: number[] } {
  const lines: StockLine[] = [];
  const wrong: number[] = [];
  text.split(/\r?\n/).forEach((row, index) => {
    if (row.trim() === '') return;
    const found = /^(\S.*?)[\s,;]+([+-]?\d+)$/.exec(row.trim());
    const delta = Number(found?.[2]);
    if (!found?.[1] || delta === 0 || Math.abs(delta) > MOST_DELTA || lines.length === MOST_LINES)
      wrong.push(index + 1);
    else lines.push({ sku: found[1], delta });
  });
  return { lines, wrong };
}
