// A table of any length: only the rows in sight are in the page, and only their pages are asked for.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { count } from "../lib/format";

export interface GridColumn<T> {
  key: string;
  title: string;
  width: string;
  numeric?: boolean;
  sort?: string;
  cell: (row: T) => ComponentChildren;
}

interface GridProps<T> {
  label: string;
  idOf: (row: T) => string;
  total: number;
  rowAt: (place: number) => T | undefined;
  need: (from: number, to: number) => void;
  columns: GridColumn<T>[];
  sort: string;
  order: (sort: string) => void;
  open: (row: T) => void;
  mark: (row: T) => void;
}

const HEIGHT = 34, SPARE = 6, FEW = 10, NEAR = 200;
/** Rows that leave sight are filled anew for those that come, which is cheaper than making others. */
const SLOTS = 128;

export function Grid<T>({ label, idOf, total, rowAt, need, columns, sort, order, open, mark }: GridProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [tall, setTall] = useState(600);
  const [at, setAt] = useState(0);
  const held = useRef(false);
  const seen = useRef({ place: -1, id: "" });
  useEffect(() => {
    if (!box.current) return;
    const seen = new ResizeObserver(([entry]) => entry && setTall(entry.contentRect.height));
    seen.observe(box.current);
    return () => seen.disconnect();
  }, []);
  const from = Math.max(0, Math.floor(top / HEIGHT) - SPARE);
  const to = Math.min(total, Math.ceil((top + tall) / HEIGHT) + SPARE);
  useEffect(() => need(from, to), [from, to, total, need]);
  // Where rows came above, who has one in hand or has scrolled keeps what they had.
  useEffect(() => {
    const known = seen.current, row = known.place < 0 ? undefined : rowAt(known.place);
    if (row && idOf(row) !== known.id) {
      const moved = shifted(known.place, (place) => { const other = rowAt(place); return other !== undefined && idOf(other) === known.id; });
      if (moved && held.current) setAt((now) => Math.min(total - 1, Math.max(0, now + moved)));
      if (moved && box.current && box.current.scrollTop > 0) box.current.scrollTop += moved * HEIGHT;
      seen.current = { place: known.place + moved, id: moved ? known.id : idOf(row) };
      return;
    }
    const place = held.current ? at : top > 0 ? Math.ceil(top / HEIGHT) : -1;
    const mine = place < 0 ? undefined : rowAt(place);
    seen.current = mine ? { place, id: idOf(mine) } : { place: -1, id: "" };
  });
  const places = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  const template = columns.map((c) => c.width).join(" ");
  const toRow = (next: number) => {
    held.current = true;
    setAt(next);
    const view = box.current;
    if (view && (next * HEIGHT < view.scrollTop || (next + 2) * HEIGHT > view.scrollTop + view.clientHeight)) view.scrollTop = Math.max(0, next * HEIGHT - view.clientHeight / 2);
  };
  const move = (event: KeyboardEvent) => {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -total, End: total }[event.key];
    const row = rowAt(at);
    if (step !== undefined) {
      event.preventDefault();
      toRow(Math.min(total - 1, Math.max(0, at + step)));
    } else if (event.key === "Enter" && row && event.target === box.current) open(row);
    else if (event.key === "x" && row) mark(row);
  };
  return (
    <>
      <div
        class="grid" role="grid" style={{ maxHeight: `${(Math.max(total, 1) + 1) * HEIGHT + 18}px` }} aria-label={label} aria-rowcount={total + 1} tabIndex={0} ref={box}
        aria-activedescendant={total ? `row-${at}` : undefined}
        onScroll={(e) => setTop(e.currentTarget.scrollTop)} onKeyDown={move}
      >
        <div class="grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {columns.map((c) => {
            const mine = c.sort && sort.replace(/^-/, "") === c.sort;
            const next = mine && sort.startsWith("-") ? c.sort : `-${c.sort}`;
            return (
              <div key={c.key} role="columnheader" class={c.numeric ? "num" : ""} aria-sort={mine ? (sort.startsWith("-") ? "descending" : "ascending") : undefined}>
                {c.sort ? <button type="button" class="quiet" onClick={() => order(next ?? "")}>{c.title}{mine && <span aria-hidden="true">{sort.startsWith("-") ? " ↓" : " ↑"}</span>}</button> : c.title}
              </div>
            );
          })}
        </div>
        <div class="grid-body" role="rowgroup" style={{ height: `${total * HEIGHT}px` }}>
          {places.map((place) => {
            const row = rowAt(place);
            return (
              <div key={place % SLOTS} id={`row-${place}`} role="row" aria-rowindex={place + 2} class={place === at ? "grid-row at" : "grid-row"} style={{ gridTemplateColumns: template, transform: `translateY(${place * HEIGHT}px)` }} onClick={() => { held.current = true; setAt(place); }}>
                {columns.map((c) => <div key={c.key} role="gridcell" class={c.numeric ? "num" : ""}>{row ? c.cell(row) : "…"}</div>)}
              </div>
            );
          })}
        </div>
      </div>
      {total > FEW && <Jump total={total} at={at} to={(place) => { toRow(place); box.current?.focus(); }} />}
    </>
  );
}

/** A row by its number. */
function Jump({ total, at, to }: { total: number; at: number; to: (place: number) => void }) {
  const [text, setText] = useState("");
  const asked = (event: Event) => {
    event.preventDefault();
    const number = Math.round(Number(text));
    if (text && number >= 1) to(Math.min(total, number) - 1);
    setText("");
  };
  return (
    <form class="jump" onSubmit={asked}>
      <label>Go to row <input type="number" min={1} max={total} placeholder={String(at + 1)} value={text} onInput={(e) => setText(e.currentTarget.value)} /></label>
      <span class="muted">of {count(total)}</span>
    </form>
  );
}

/** By how many places something near has moved; 0 where it is not there. */
function shifted(from: number, is: (place: number) => boolean): number {
  for (let step = 1; step <= NEAR; step += 1) {
    if (is(from + step)) return step;
    if (is(from - step)) return -step;
  }
  return 0;
}
