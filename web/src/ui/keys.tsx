// Everything by keyboard: g and a letter goes to a room, / searches, ? shows this.

import { useEffect, useRef } from "preact/hooks";
import { go } from "../lib/router";

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function useShortcuts(rooms: readonly (readonly [string, string, string])[], help: () => void): void {
  useEffect(() => {
    let going = false;
    const hear = (event: KeyboardEvent) => {
      if (event.key === "Escape" && event.target instanceof HTMLInputElement && event.target.type === "search" && !event.target.value) event.target.blur();
      if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (going) {
        going = false;
        const room = rooms.find(([, name]) => name[0]?.toLowerCase() === event.key);
        if (room) {
          event.preventDefault();
          go(room[0]);
        }
      } else if (event.key === "g") going = true;
      else if (event.key === "?") help();
      else if (/^[jkx]$/.test(event.key) && !(event.target as Element).closest?.(".grid")) {
        // Whoever has no row in hand takes the one that the table points at.
        const grid = document.querySelector<HTMLElement>("main .grid");
        if (grid) {
          event.preventDefault();
          grid.focus();
          if (event.key === "x") grid.dispatchEvent(new KeyboardEvent("keydown", { key: "x", bubbles: true }));
        }
      } else if (event.key === "/" || event.key === "#") {
        const search = document.querySelector<HTMLInputElement>(event.key === "/" ? "main input[type=search]" : "main .jump input");
        if (search) {
          event.preventDefault();
          search.focus();
        }
      }
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
}

export function Keys({ rooms, close }: { rooms: string[]; close: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} onClose={close} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl class="keys">
        {rooms.map((name) => <div key={name}><dt><kbd>g</kbd> <kbd>{name[0]?.toLowerCase()}</kbd></dt><dd>{name}</dd></div>)}
        <div><dt><kbd>/</kbd></dt><dd>search or filter</dd></div>
        <div><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next and previous row of a table</dd></div>
        <div><dt><kbd>Enter</kbd></dt><dd>open the row</dd></div>
        <div><dt><kbd>#</kbd></dt><dd>go to a row by its number</dd></div>
        <div><dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>read a chart, value by value</dd></div>
        <div><dt><kbd>↑</kbd> <kbd>↓</kbd></dt><dd>another curve of the chart</dd></div>
        <div><dt><kbd>Esc</kbd></dt><dd>leave an empty search</dd></div>
        <div><dt><kbd>x</kbd></dt><dd>choose a run to compare</dd></div>
        <div><dt><kbd>?</kbd></dt><dd>this list</dd></div>
      </dl>
      <form method="dialog"><button>Close</button></form>
    </dialog>
  );
}
