// A list that follows what happens without jumping: changes are counted while somebody works in it.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { OrderFilter } from '@/api/queries';
import { type Change, useChanges } from '@/app/live';

const GATHER_MS = 2000;
const TOP_PX = 80;

/** Orders that changed since the list was read: how many, at least. */
export function countChange(known: ReadonlySet<string>, change: Change): ReadonlySet<string> {
  const ids = change.ids ?? ['many'];
  return new Set([...known, ...ids]);
}

export function useCalmList(filter: OrderFilter, busy: boolean) {
  const queries = useQueryClient();
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const working = useRef(busy);
  working.current = busy;

  const show = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setChanged(new Set());
    void queries.invalidateQueries({ queryKey: ['orders', 'list'] });
  }, [queries]);

  const hear = useCallback(
    (change: Change) => {
      if (change.event === 'shops') return;
      setChanged((known) => countChange(known, change));
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        if (!working.current && window.scrollY < TOP_PX) show();
      }, GATHER_MS);
    },
    [show],
  );
  useChanges(hear);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => setChanged(new Set()), [filter]);

  const quiet = !busy && window.scrollY < TOP_PX;
  return { waiting: quiet ? 0 : changed.size, show };
}
