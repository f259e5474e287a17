// Every chart can be read as a table, and be saved as SVG and CSV.

import { render, type ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { csvText, fileName, saveText, svgText } from "../lib/save";

interface ChartProps {
  title: string;
  head: string[];
  rows: readonly (readonly unknown[])[];
  /** Another table than that of the rows; null for what is a table already. */
  table?: ComponentChildren;
  note?: ComponentChildren;
  /** A drawing to save where the one on the page is not a single picture: the server's, or one made for it; null where there is none to save. */
  picture?: string | (() => ComponentChildren) | null;
  /** Where the whole table comes from, where the page holds a part of it. */
  csv?: string;
  /** What stands over it, where the title says nothing new. */
  said?: string;
  children: ComponentChildren;
}

const MOST = 500;

export function Chart({ title, head, rows, table, note, picture, csv, said, children }: ChartProps) {
  const [asTable, setAsTable] = useState(false);
  const box = useRef<HTMLElement>(null);
  const saveSvg = () => {
    const hidden = document.createElement("div");
    hidden.className = "offstage";
    box.current?.append(hidden);
    if (typeof picture === "function") render(picture(), hidden);
    else if (picture) hidden.append(drawn(picture) ?? "");
    const svg = hidden.querySelector("svg") ?? visible(box.current);
    if (svg) saveText(fileName(title, "svg"), svgText(svg), "image/svg+xml");
    render(null, hidden);
    hidden.remove();
  };
  return (
    <figure class="chart" ref={box}>
      <figcaption>
        <span class="chart-title">{said ?? title}</span>
        <span class="tools">
          {table !== null && (
            <button type="button" class="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              {asTable ? "as a chart" : "as a table"}
            </button>
          )}
          {table !== null && picture !== null && (!asTable || picture) && <button type="button" class="quiet" onClick={saveSvg} aria-label={`Save ${title} as SVG`}>SVG</button>}
          {csv
            ? <a class="button quiet" href={csv} download={fileName(title, "csv")} aria-label={`Save ${title} as CSV`}>CSV</a>
            : <button type="button" class="quiet" aria-label={`Save ${title} as CSV`} onClick={() => saveText(fileName(title, "csv"), csvText(head, rows), "text/csv")}>CSV</button>}
        </span>
      </figcaption>
      {asTable ? (table ?? <Plain title={title} head={head} rows={rows} />) : children}
      {note && <p class="note">{note}</p>}
    </figure>
  );
}

function Plain({ title, head, rows }: Pick<ChartProps, "title" | "head" | "rows">) {
  return (
    <>
      <div class="scroll tall" role="group" tabIndex={0} aria-label={title}>
        <table>
          <thead><tr>{head.map((h) => <th key={h} scope="col">{h}</th>)}</tr></thead>
          <tbody>
            {rows.slice(0, MOST).map((row, i) => (
              <tr key={i}>{row.map((cell, j) => <td key={j} class={typeof cell === "number" ? "num" : ""}>{String(cell ?? "–")}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > MOST && <p class="note">The first {MOST} of {rows.length} rows; CSV has all of them.</p>}
    </>
  );
}

function visible(box: HTMLElement | null): SVGSVGElement | null {
  const all = [...(box?.querySelectorAll<SVGSVGElement>("svg:not(.icon, .glyph)") ?? [])];
  return all.find((svg) => svg.getBoundingClientRect().width > 0) ?? null;
}

/** Markup of the server's own drawing; text in it is escaped there, and scripts are no part of what is taken over. */
function drawn(markup: string): SVGSVGElement | null {
  const parsed = new DOMParser().parseFromString(markup, "text/html").querySelector("svg");
  if (!parsed) return null;
  for (const odd of parsed.querySelectorAll("script, foreignObject, style, a, image, use")) odd.remove();
  return document.importNode(parsed, true) as SVGSVGElement;
}

/** The server's drawing, for a page and for a phone. */
export function Drawn({ svg, narrow }: { svg: string; narrow: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const both = [drawn(svg), narrow ? drawn(narrow) : null];
    both[0]?.classList.add("wide");
    both[1]?.classList.add("narrow");
    box.current?.replaceChildren(...both.filter((one) => one !== null));
  }, [svg, narrow]);
  return <div class={narrow ? "drawn both" : "drawn"} ref={box} />;
}

/** The width that an element has now. */
export function useWidth<T extends HTMLElement>(start = 720): [preact.RefObject<T | null>, number] {
  const ref = useRef<T | null>(null);
  const [width, setWidth] = useState(start);
  useEffect(() => {
    if (!ref.current) return;
    const seen = new ResizeObserver(([entry]) => entry && setWidth(Math.max(120, Math.round(entry.contentRect.width))));
    seen.observe(ref.current);
    return () => seen.disconnect();
  }, []);
  return [ref, width];
}
