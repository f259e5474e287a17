// Curves over steps: series of millions of values, thinned by the server so that no extreme is missing.

import { useMemo, useState } from "preact/hooks";
import type { Num } from "../api/types";
import { counted, formatter, plain } from "../lib/format";
import { Chart, useWidth } from "./chart";
import { ticks } from "./forest";
import { cut, Picture } from "./picture";

export interface Curve {
  name: string;
  steps: number[];
  values: number[];
  count: number;
}

export const numbered = (value: Num | undefined): number =>
  typeof value === "number" ? value : value === "inf" ? Infinity : value === "-inf" ? -Infinity : NaN;

const LEFT = 56, RIGHT = 12, TOP = 24, BOTTOM = 40, NAMED = 12, READ = 4;

/** Eight colours by five dashes: forty curves that can be told apart. */
const styleOf = (place: number): string => `curve c${place % 8} d${Math.floor(place / 8) % 5}`;

interface LinesProps {
  title: string;
  /** Whose curves they are, which the page around says and a saved picture has to. */
  subject: string;
  of: Curve[];
  said?: string;
  height?: number;
  /** Where all values come from. */
  csv?: string;
}

export function Lines({ title, subject, said, of, height = 280, csv }: LinesProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [log, setLog] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const [read, setRead] = useState(0);
  const [keyed, setKeyed] = useState(false);
  const frame = useMemo(() => framed(of, width, height, log), [of, width, height, log]);
  const rows = useMemo(() => of.flatMap((c) => c.steps.map((step, i) => [c.name, step, c.values[i]])), [of]);
  const steps = useMemo(() => (keyed ? [...new Set(of.flatMap((c) => c.steps))].sort((a, b) => a - b) : []), [of, keyed]);
  const odd = of.reduce((n, c) => n + c.values.filter((v) => !Number.isFinite(v)).length, 0);
  const thinned = of.some((c) => c.count > c.steps.length);
  const point = (event: PointerEvent) => {
    const left = (event.currentTarget as Element).getBoundingClientRect().left;
    setAt(frame.stepAt(event.clientX - left));
  };
  const keys = (event: KeyboardEvent) => {
    const known = keyed ? steps : [...new Set(of.flatMap((c) => c.steps))].sort((a, b) => a - b);
    const last = known.length - 1, far = Math.max(1, Math.round(known.length / 20));
    const place = at === null ? -1 : known.findIndex((s) => s >= at);
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, PageDown: place + far, PageUp: place - far, Home: 0, End: last }[event.key];
    const turn = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (next !== undefined && last >= 0) setAt(known[Math.min(last, Math.max(0, next))] ?? null);
    else if (turn !== undefined && of.length > 1) setRead((read + turn + of.length) % of.length);
    else return;
    event.preventDefault();
    setKeyed(true);
  };
  const heard = at === null || !keyed ? "" : `Step ${plain(at)}: ${of.filter((_, i) => of.length <= READ || i === read).map((c) => `${of.length > 1 ? `${c.name} ` : ""}${plain(nearest(c, at))}`).join(", ")}`;
  const picture = () => <LinesPicture title={title} subject={subject} of={of} log={log} />;
  return (
    <Chart title={title} said={said} head={["series", "step", "value"]} rows={rows} note={noted(of, thinned, odd, csv !== undefined)} picture={picture} csv={csv}>
      <div ref={box} class="plot-box" tabIndex={0} role="group" aria-label={`Values of ${title}: left and right read them by step${of.length > 1 ? ", up and down choose a curve" : ""}`} onKeyDown={keys} onBlur={() => { setAt(null); setKeyed(false); }}>
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}: ${counted(of.length, "curve")}`} onPointerMove={point} onPointerLeave={() => setAt(null)}>
          <Drawing title={title} of={of} frame={frame} width={width} height={height} log={log} read={keyed && of.length > 1 ? read : -1} />
          {at !== null && <line class="cursor" x1={frame.x(at)} x2={frame.x(at)} y1={TOP} y2={height - BOTTOM} />}
        </svg>
      </div>
      <p class="offstage" aria-live="polite">{heard}</p>
      <div class="legend">
        {of.slice(0, NAMED).map((c, i) => (
          <span key={c.name + i}><svg class="icon" viewBox="0 0 14 14" aria-hidden="true"><path class={styleOf(i)} d="M0 7H14" /></svg>{c.name}{at !== null && <strong> {plain(nearest(c, at))}</strong>}</span>
        ))}
        {of.length > NAMED && <span class="muted">and {of.length - NAMED} more</span>}
        <label class="inline"><input type="checkbox" checked={log} onChange={(e) => setLog(e.currentTarget.checked)} />log</label>
        {at !== null && <span class="muted">step {plain(at)}</span>}
      </div>
    </Chart>
  );
}

type Frame = ReturnType<typeof framed>;

/** Axes with their names, and the curves. */
function Drawing({ title, of, frame, width, height, log, read = -1 }: { title: string; of: Curve[]; frame: Frame; width: number; height: number; log: boolean; read?: number }) {
  const write = formatter([frame.low, frame.high], frame.low);
  return (
    <>
      <text class="s" font-size={11} x={4} y={12}>{cut(title, width / 2)}{log ? ", log scale" : ""}</text>
      {frame.yTicks.map((t) => (
        <g key={t}>
          <line class="grid" x1={LEFT} x2={width - RIGHT} y1={frame.y(t)} y2={frame.y(t)} />
          <text class="s" font-size={11} x={LEFT - 8} y={frame.y(t) + 4} text-anchor="end">{log ? plain(t) : write(t)}</text>
        </g>
      ))}
      <line class="axis" x1={LEFT} x2={width - RIGHT} y1={height - BOTTOM} y2={height - BOTTOM} />
      {frame.xTicks.map((t) => <text key={t} class="s" font-size={11} x={frame.x(t)} y={height - BOTTOM + 17} text-anchor="middle">{plain(t)}</text>)}
      <text class="s" font-size={11} x={(LEFT + width - RIGHT) / 2} y={height - 6} text-anchor="middle">step</text>
      {of.map((c, i) => <path key={c.name + i} class={i === read ? `${styleOf(i)} read` : styleOf(i)} d={frame.paths[i]} />)}
    </>
  );
}

const ENTRY = 20;

/** What is taken away: the same with its title, and every curve by name. */
function LinesPicture({ title, subject, of, log }: { title: string; subject: string; of: Curve[]; log: boolean }) {
  const width = 800, plot = 360, half = (width - 24) / 2;
  const rows = Math.ceil(of.length / 2);
  return (
    <Picture title={`${title} of ${subject}`} width={width} height={34 + plot + 14 + rows * ENTRY + 10}>
      <g transform="translate(0 34)"><Drawing title={title} of={of} frame={framed(of, width, plot, log)} width={width} height={plot} log={log} /></g>
      {of.map((c, i) => (
        <g key={c.name + i} transform={`translate(${12 + Math.floor(i / rows) * half} ${34 + plot + 14 + (i % rows) * ENTRY})`}>
          <path class={styleOf(i)} d="M0 6H28" />
          <text font-size={12} x={36} y={10}>{cut(c.name, half - 44)}</text>
        </g>
      ))}
    </Picture>
  );
}

function noted(of: Curve[], thinned: boolean, odd: number, whole: boolean): string | undefined {
  const values = of.reduce((n, c) => n + c.count, 0);
  const said = [
    thinned && `${plain(values)} values, drawn by the first, last, least and greatest of each stretch${whole ? " (CSV has every value)" : ""}`,
    odd > 0 && `${plain(odd)} of the points are no finite number and leave gaps`,
  ].filter(Boolean).join("; ");
  return said ? `${said}.` : undefined;
}

function nearest(c: Curve, step: number): number {
  let low = 0, high = c.steps.length - 1;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((c.steps[mid] ?? 0) < step) low = mid + 1;
    else high = mid;
  }
  return c.values[low] ?? NaN;
}

function framed(of: Curve[], width: number, height: number, log: boolean) {
  let low = Infinity, high = -Infinity, from = Infinity, to = -Infinity;
  for (const c of of) {
    for (const v of c.values) {
      if (!Number.isFinite(v) || (log && v <= 0)) continue;
      if (v < low) low = v;
      if (v > high) high = v;
    }
    from = Math.min(from, c.steps[0] ?? Infinity);
    to = Math.max(to, c.steps.at(-1) ?? -Infinity);
  }
  if (!(low <= high)) [low, high] = log ? [0.1, 1] : [0, 1];
  if (!(from <= to)) [from, to] = [0, 1];
  const scaled = (v: number) => (log ? Math.log10(v) : v);
  const room = (scaled(high) - scaled(low) || Math.abs(scaled(high)) || 1) * 0.04;
  const bottom = scaled(low) - room, top = scaled(high) + room;
  const x = (step: number) => LEFT + ((step - from) / (to - from || 1)) * (width - LEFT - RIGHT);
  const y = (v: number) => height - BOTTOM - ((scaled(v) - bottom) / (top - bottom)) * (height - TOP - BOTTOM);
  const paths = of.map((c) => {
    let d = "", pen = "M";
    for (let i = 0; i < c.steps.length; i += 1) {
      const v = c.values[i] ?? NaN;
      if (!Number.isFinite(v) || (log && v <= 0)) {
        pen = "M";
        continue;
      }
      d += `${pen}${x(c.steps[i] ?? 0).toFixed(1)} ${y(v).toFixed(1)}`;
      pen = "L";
    }
    return d;
  });
  const yTicks = log ? ticks(bottom, top, 4).map((t) => 10 ** t) : ticks(bottom, top, 4);
  const stepAt = (px: number) => Math.round(Math.min(to, Math.max(from, from + ((px - LEFT) / (width - LEFT - RIGHT)) * (to - from))));
  return { x, y, paths, low, high, yTicks, xTicks: ticks(from, to, Math.max(2, Math.floor(width / 140))), stepAt };
}
