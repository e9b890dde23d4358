// The small rules of the screens.
import { beforeEach, expect, test, vi } from 'vitest';
import { countChange } from '@/screens/orders/useCalmList';
import { readParts, writeParts } from '@/screens/products/parts';
import { historyOf, isHistory } from '@/screens/shops/HistoryFields';
import { MOST_LINES, readLines } from '@/screens/stock/readLines';
import { outboxTone } from '@/screens/system/outbox';
import { GROUP_STAGES, TONES, toneOf } from '@/status/tones';

const choice = {
  chosen: true,
  alias: '',
  warehouse: null,
  kind: 'days' as const,
  days: '60',
  from: '',
  until: '',
};

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-21T22:30:00Z') });
});

test('stock lines are read as people paste them', () => {
  expect(readLines('MUG-RED\t25\nMUG BLUE -3\r\n\nTEE,4')).toEqual({
    lines: [
      { sku: 'MUG-RED', delta: 25 },
      { sku: 'MUG BLUE', delta: -3 },
      { sku: 'TEE', delta: 4 },
    ],
    wrong: [],
  });
});

test('stock lines that are none are named by their number', () => {
  expect(readLines('MUG\nTEE 0\nOK 1\nTEE 1.5\nTEE 9999999999').wrong).toEqual([1, 2, 4, 5]);
  expect(readLines('A 1\n'.repeat(MOST_LINES + 1)).wrong).toEqual([MOST_LINES + 1]);
});

test('parts of a link are read with their pieces', () => {
  expect(readParts('MUG 2\nBOX\n')).toEqual({
    parts: [
      { sku: 'MUG', pieces: 2 },
      { sku: 'BOX', pieces: 1 },
    ],
    wrong: [],
  });
  expect(readParts('MUG 0\nMUG 1001\nMUG 2 3').wrong).toEqual([1, 2, 3]);
  expect(readParts('')).toEqual({ parts: [], wrong: [] });
  expect(
    writeParts([
      { sku: 'MUG', pieces: 2 },
      { sku: 'BOX', pieces: 1 },
    ]),
  ).toBe('MUG 2\nBOX');
});

test('a history window is what was chosen', () => {
  expect(historyOf({ ...choice, kind: 'none' }, 'UTC')).toEqual({ kind: 'none' });
  expect(historyOf({ ...choice, days: 'x' }, 'UTC')).toEqual({ kind: 'days', days: 60 });
  expect(historyOf({ ...choice, days: '99999' }, 'UTC')).toEqual({ kind: 'days', days: 3650 });
});

test('the last day of a range is meant whole, in the zone of the account', () => {
  const range = { ...choice, kind: 'range' as const, from: '2026-11-01', until: '2026-11-10' };
  expect(historyOf(range, 'Asia/Ho_Chi_Minh')).toEqual({
    kind: 'range',
    from: '2026-10-31T17:00:00Z',
    until: '2026-11-10T17:00:00Z',
  });
});

test('a range needs its first day and may not run backwards', () => {
  const range = { ...choice, kind: 'range' as const, from: '2026-11-09', until: '2026-11-10' };
  expect(isHistory(range)).toBe(true);
  expect(isHistory({ ...range, until: '' })).toBe(true);
  expect(isHistory({ ...range, from: '' })).toBe(false);
  expect(isHistory({ ...range, until: '2026-11-08' })).toBe(false);
});

test('an outbox is late only when something waits', () => {
  expect(outboxTone({ depth: 0, oldest_s: 500 })).toBe('good');
  expect(outboxTone({ depth: 5, oldest_s: 3 })).toBe('good');
  expect(outboxTone({ depth: 5, oldest_s: 60 })).toBe('warn');
  expect(outboxTone({ depth: 5, oldest_s: 120 })).toBe('bad');
});

test('changed orders are counted once each', () => {
  let known: ReadonlySet<string> = new Set();
  known = countChange(known, { event: 'orders', ids: ['1', '2'] });
  known = countChange(known, { event: 'placement', ids: ['2', '3'] });
  expect(known.size).toBe(3);
});

test('every stage belongs to one group and has a colour', () => {
  const stages = Object.values(GROUP_STAGES).flat();
  expect(new Set(stages).size).toBe(stages.length);
  expect([...stages].sort()).toEqual(Object.keys(TONES.stage).sort());
});

test('a state that is not known is shown as a warning, never hidden', () => {
  expect(toneOf('stage', 'SOMETHING_NEW')).toBe('warn');
});
