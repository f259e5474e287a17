// What a screen waits for: the value, what went wrong, or neither yet.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Failure, type Wrong } from "./http";

export interface Loaded<T> {
  value: T | null;
  wrong: Wrong | null;
  busy: boolean;
  again: () => void;
}

export function wrongOf(error: unknown): Wrong {
  if (error instanceof Failure) return error.wrong;
  const what = error instanceof Error ? error.message : String(error);
  return { code: "page", what, rule: "", fix: "reload the page", where: "" };
}

/** Load anew whenever the key changes; an answer that comes too late is dropped, what is shown stays until then. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "again">>({ value: null, wrong: null, busy: true });
  const turn = useRef(0);
  const latest = useRef(load);
  latest.current = load;
  const again = useCallback(() => {
    const mine = ++turn.current;
    setState((s) => ({ ...s, busy: true }));
    latest.current().then(
      (value) => mine === turn.current && setState({ value, wrong: null, busy: false }),
      (error) => mine === turn.current && setState({ value: null, wrong: wrongOf(error), busy: false }),
    );
  }, []);
  useEffect(again, [key, again]);
  return { ...state, again };
}

/** A value that settles: the last one that stood for a while. */
export function useSettled<T>(value: T, wait = 250): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return settled;
}

/** Something small that this browser remembers. */
export function useKept<T>(name: string, start: T): [T, (change: (now: T) => T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      const held = localStorage.getItem(`assay.${name}`);
      return held === null ? start : (JSON.parse(held) as T);
    } catch {
      return start;
    }
  });
  // What is sent or loaded ends later: it changes what is there by then, not what was there when it began.
  const keep = (change: (now: T) => T) =>
    setValue((now) => {
      const next = change(now);
      try {
        localStorage.setItem(`assay.${name}`, JSON.stringify(next));
      } catch {
        // Storage may be full or forbidden; the page works without.
      }
      return next;
    });
  return [value, keep];
}
