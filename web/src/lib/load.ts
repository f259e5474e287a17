// What a screen waits for: the value, what went wrong, or neither yet.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Failure, type Wrong } from "./http";

export interface Loaded<T> {
  value: T | null;
  wrong: Wrong | null;
  busy: boolean;
  again: () => void;
  /** Ask again for the same, and show what there was until it is there; the same thing as before changes nothing. */
  renew: () => Promise<void>;
}

export function wrongOf(error: unknown): Wrong {
  if (error instanceof Failure) return error.wrong;
  const what = error instanceof Error ? error.message : String(error);
  return { code: "page", what, rule: "", fix: "reload the page", where: "" };
}

/** Load anew whenever the key changes; an answer that comes too late is dropped, what is shown stays until then. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "again" | "renew">>({ value: null, wrong: null, busy: true });
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
  const renew = useCallback(async () => {
    const mine = turn.current;
    const value = await latest.current();
    if (mine === turn.current) setState((s) => (s.value === value && !s.wrong ? s : { value, wrong: null, busy: false }));
  }, []);
  useEffect(again, [key, again]);
  return { ...state, again, renew };
}

const SHARE = 20, LONGEST = 60_000;

/** Look again while something may happen: never while nobody sees it, more seldom where it takes long or fails. */
export function useWatch(on: boolean, look: () => Promise<unknown>, every = 2500): void {
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    if (!on) return;
    let timer = 0, turn = 0;
    const wait = (time: number, mine: number) => {
      timer = window.setTimeout(() => void once(time, mine), time);
    };
    const once = async (before: number, mine: number) => {
      const begun = performance.now();
      const done = await latest.current().then(() => true, () => false);
      const time = done ? Math.max(every, SHARE * (performance.now() - begun)) : 2 * before;
      if (mine === turn) wait(Math.min(LONGEST, time), mine);
    };
    const start = () => {
      window.clearTimeout(timer);
      turn += 1;
      if (!document.hidden) wait(every, turn);
    };
    start();
    document.addEventListener("visibilitychange", start);
    return () => {
      window.clearTimeout(timer);
      turn += 1;
      document.removeEventListener("visibilitychange", start);
    };
  }, [on, every]);
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
