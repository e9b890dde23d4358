// A list that follows what happens without jumping: changes are counted while somebody works in it.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { type Change, useChanges } from '@/app/live';
import type { OrderFilter } from './filter';

const GATHER_MS = 2000;
const TOP_PX = 80;
const NOTHING: ReadonlySet<string> = new Set();

/** Orders that changed since the list was read: how many, at least. */
export function countChange(known: ReadonlySet<string>, change: Change): ReadonlySet<string> {
  const ids = change.ids ?? ['many'];
  return new Set([...known, ...ids]);
}

export function useCalmList(filter: OrderFilter, ticking: boolean) {
  const queries = useQueryClient();
  const [changed, setChanged] = useState(NOTHING);
  // A row must not move under a pointer that is about to press it, nor under the focus.
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [seenFilter, setSeenFilter] = useState(filter);
  if (seenFilter !== filter) {
    // Another filter is another list, read just now.
    setSeenFilter(filter);
    setChanged(NOTHING);
  }

  const show = useCallback(() => {
    setChanged(NOTHING);
    void queries.invalidateQueries({ queryKey: ['orders', 'list'] });
  }, [queries]);

  const hear = useCallback((change: Change) => {
    if (change.event !== 'shops') setChanged((known) => countChange(known, change));
  }, []);
  useChanges(hear);

  const quiet = !ticking && !pointed && !focused && window.scrollY < TOP_PX;
  const waits = changed.size > 0;
  useEffect(() => {
    if (!quiet || !waits) return;
    const timer = setTimeout(show, GATHER_MS);
    return () => clearTimeout(timer);
  }, [quiet, waits, show]);

  const guard = {
    onPointerEnter: () => setPointed(true),
    onPointerLeave: () => setPointed(false),
    onFocus: () => setFocused(true),
    onBlur: () => setFocused(false),
  };
  return { waiting: quiet ? 0 : changed.size, show, guard };
}
