// Curves over steps: series of millions of values, thinned by the server so that no extreme is missing.

import { useMemo, useState } from "preact/hooks";
import type { Num } from "../api/types";
import { counted, formatter, plain } from "../lib/format";
import { Chart, useWidth } from "./chart";
import { ticks } from "./forest";

export interface Curve {
  name: string;
  steps: number[];
  values: number[];
  count: number;
}

export const numbered = (value: Num | undefined): number =>
  typeof value === "number" ? value : value === "inf" ? Infinity : value === "-inf" ? -Infinity : NaN;

const LEFT = 56, RIGHT = 12, TOP = 10, BOTTOM = 26, NAMED = 12;

export function Lines({ title, said, of, height = 260 }: { title: string; said?: string; of: Curve[]; height?: number }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [log, setLog] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const frame = useMemo(() => framed(of, width, height, log), [of, width, height, log]);
  const rows = of.flatMap((c) => c.steps.map((step, i) => [c.name, step, c.values[i]]));
  const odd = of.reduce((n, c) => n + c.values.filter((v) => !Number.isFinite(v)).length, 0);
  const thinned = of.some((c) => c.count > c.steps.length);
  const point = (event: PointerEvent) => {
    const left = (event.currentTarget as Element).getBoundingClientRect().left;
    setAt(frame.stepAt(event.clientX - left));
  };
  const write = formatter([frame.low, frame.high], frame.low);
  return (
    <Chart title={title} said={said} head={["series", "step", "value"]} rows={rows} note={noted(of, thinned, odd)}>
      <div ref={box} class="plot-box">
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}: ${counted(of.length, "curve")}`} onPointerMove={point} onPointerLeave={() => setAt(null)}>
          {frame.yTicks.map((t) => (
            <g key={t}>
              <line class="grid" x1={LEFT} x2={width - RIGHT} y1={frame.y(t)} y2={frame.y(t)} />
              <text class="s" font-size={11} x={LEFT - 8} y={frame.y(t) + 4} text-anchor="end">{log ? plain(t) : write(t)}</text>
            </g>
          ))}
          <line class="axis" x1={LEFT} x2={width - RIGHT} y1={height - BOTTOM} y2={height - BOTTOM} />
          {frame.xTicks.map((t) => <text key={t} class="s" font-size={11} x={frame.x(t)} y={height - 8} text-anchor="middle">{plain(t)}</text>)}
          {of.map((c, i) => <path key={c.name + i} class={`curve c${i % 8}`} d={frame.paths[i]} />)}
          {at !== null && <line class="cursor" x1={frame.x(at)} x2={frame.x(at)} y1={TOP} y2={height - BOTTOM} />}
        </svg>
      </div>
      <div class="legend">
        {of.slice(0, NAMED).map((c, i) => (
          <span key={c.name + i}><svg class="icon" viewBox="0 0 14 14" aria-hidden="true"><path class={`curve c${i % 8}`} d="M0 7H14" /></svg>{c.name}{at !== null && <strong> {plain(nearest(c, at))}</strong>}</span>
        ))}
        {of.length > NAMED && <span class="muted">and {of.length - NAMED} more</span>}
        <label class="inline"><input type="checkbox" checked={log} onChange={(e) => setLog(e.currentTarget.checked)} />log</label>
        {at !== null && <span class="muted">step {plain(at)}</span>}
      </div>
    </Chart>
  );
}

function noted(of: Curve[], thinned: boolean, odd: number): string | undefined {
  const values = of.reduce((n, c) => n + c.count, 0);
  const said = [
    thinned && `${plain(values)} values, drawn by the first, last, least and greatest of each stretch`,
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
