// Rows of a long list by their place: pages are asked for when they come into sight, and once.

import { useCallback, useRef, useState } from "preact/hooks";
import type { Wrong } from "./http";
import { wrongOf } from "./load";

const SIZE = 200, KEPT = 60;

export function usePages<T>(first: T[], total: number, load: (offset: number, limit: number) => Promise<T[]>) {
  const held = useRef<Map<number, T[] | null>>(new Map([[0, first]]));
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
        if (held.current.has(page)) continue;
        held.current.set(page, null);
        latest.current(page * SIZE, SIZE).then((rows) => {
          held.current.set(page, rows);
          for (const old of held.current.keys()) if (held.current.size > KEPT && old !== page) held.current.delete(old);
          redraw((n) => n + 1);
        }, (error) => {
          held.current.delete(page);
          setWrong(wrongOf(error));
        });
      }
    }, 60);
  }, [total]);
  const rowAt = (place: number): T | undefined => held.current.get(Math.floor(place / SIZE))?.[place % SIZE];
  return { rowAt, need, wrong };
}
