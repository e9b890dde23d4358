// Tags on many orders, and what stands of a note.
import { expect, test } from 'vitest';
import type { Note, Tag } from '@/api/types';
import { fits, NOTE_CHARACTERS, standingOf as noteStanding } from '@/screens/orders/noteText';
import { countTagResults, standingOf, wishOf } from '@/screens/orders/tagging';

const tag = (id: string): Tag => ({ id, name: id, colour: 'red' });
const orders = [{ tags: [tag('1'), tag('2')] }, { tags: [tag('1')] }, {}];

test('a tag is on all orders, on some or on none', () => {
  expect(standingOf('1', orders.slice(0, 2))).toBe('all');
  expect(standingOf('1', orders)).toBe('some');
  expect(standingOf('3', orders)).toBe('none');
  expect(standingOf('1', [])).toBe('none');
});

test('only what is not so already is wished', () => {
  const two = orders.slice(0, 2);
  const chosen = new Map([
    ['1', true],
    ['2', true],
    ['3', false],
  ]);
  expect(wishOf(chosen, (id) => standingOf(id, two))).toEqual({ put: ['2'], take: [] });
  expect(wishOf(new Map([['2', false]]), (id) => standingOf(id, two))).toEqual({
    put: [],
    take: ['2'],
  });
});

test('results are counted by what became of each order', () => {
  const items = [
    { id: '1', result: 'CHANGED' },
    { id: '2', result: 'TOO_MANY' },
  ] as const;
  expect(countTagResults([...items])).toEqual({
    CHANGED: 1,
    UNCHANGED: 0,
    TOO_MANY: 1,
    NOT_FOUND: 0,
  });
});

test('a note is measured in characters', () => {
  expect(fits('😀'.repeat(NOTE_CHARACTERS))).toBe(true);
  expect(fits('😀'.repeat(NOTE_CHARACTERS + 1))).toBe(false);
  expect(fits(' \n')).toBe(false);
});

test('the last version stands, the others are before it, newest first', () => {
  const version = (number: number, text: string | null) => ({
    version: number,
    at: '2026-11-21T22:30:00Z',
    user: 'demo',
    text,
  });
  const note: Note = { note: 1, versions: [version(1, 'a'), version(2, 'b'), version(3, null)] };
  const standing = noteStanding(note);
  expect(standing?.deleted).toBe(true);
  expect(standing?.before.map(({ text }) => text)).toEqual(['b', 'a']);
  expect(noteStanding({ note: 1, versions: [] })).toBeUndefined();
});
