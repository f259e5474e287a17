// Rows of a long list by their place: pages are asked for when they come into sight, and once.

import { useCallback, useRef, useState } from "preact/hooks";
import type { Wrong } from "./http";
import { wrongOf } from "./load";

const SIZE = 200, KEPT = 60;

/** What was read of a page, and with which first page; with a later one it is shown until it is read again. */
interface Held<T> {
  rows: T[] | null;
  by: T[];
}

export function usePages<T>(first: T[], total: number, load: (offset: number, limit: number) => Promise<T[]>) {
  const held = useRef<Map<number, Held<T>>>(new Map());
  if (held.current.get(0)?.by !== first) held.current.set(0, { rows: first, by: first });
  const latest = useRef(load);
  latest.current = load;
  const [, redraw] = useState(0);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const timer = useRef(0);
  const need = useCallback((from: number, to: number) => {
    window.clearTimeout(timer.current);
    // Who drags the scroll bar past thousands of rows wants those where the hand stops.
    timer.current = window.setTimeout(() => {
      for (let page = Math.floor(from / SIZE); page * SIZE < Math.min(to, total); page += 1) {
        const before = held.current.get(page);
        if (before?.by === first) continue;
        held.current.set(page, { rows: before?.rows ?? null, by: first });
        latest.current(page * SIZE, SIZE).then((rows) => {
          held.current.set(page, { rows, by: first });
          for (const old of held.current.keys()) if (held.current.size > KEPT && old !== page) held.current.delete(old);
          redraw((n) => n + 1);
        }, (error) => {
          held.current.delete(page);
          setWrong(wrongOf(error));
        });
      }
    }, 60);
  }, [total, first]);
  const rowAt = (place: number): T | undefined => held.current.get(Math.floor(place / SIZE))?.rows?.[place % SIZE];
  return { rowAt, need, wrong };
}
