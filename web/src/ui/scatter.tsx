// A setting against a metric, a dot a run: read by pointing, or by the arrow keys.

import { useMemo, useState } from "preact/hooks";
import type { RunRow } from "../api/types";
import { counted, formatter, plain, shown } from "../lib/format";
import { go, toRun } from "../lib/router";
import { Chart, useWidth } from "./chart";
import { ticks } from "./forest";
import { numbered } from "./lines";
import { cut, Picture } from "./picture";

interface Dot {
  r: RunRow;
  x: unknown;
  y: number;
  at: number;
}

const LEFT = 60, RIGHT = 20, TOP = 26, BOTTOM = 44, HEIGHT = 300, KINDS = 20;

export function Scatter({ of, setting, metric }: { of: RunRow[]; setting: string; metric: string }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const { dots, kinds } = useMemo(() => dotted(of, setting, metric), [of, setting, metric]);
  const frame = framed(dots, kinds, width);
  const [place, setPlace] = useState(-1);
  const near = dots[place];
  const point = (event: PointerEvent) => {
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    const away = (d: Dot) => Math.hypot(frame.px(d.at) - (event.clientX - left), frame.py(d.y) - (event.clientY - top));
    setPlace(dots.reduce((best, d, i) => (best >= 0 && away(dots[best] as Dot) <= away(d) ? best : i), -1));
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter" && near) return go(toRun(near.r.id));
    const far = Math.max(1, Math.round(dots.length / 20));
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, PageDown: place + far, PageUp: place - far, Home: 0, End: dots.length - 1 }[event.key];
    if (next === undefined || !dots.length) return;
    event.preventDefault();
    setPlace(Math.min(dots.length - 1, Math.max(0, next)));
  };
  const title = `${metric} by ${setting}`;
  const how = { setting, metric, dots, kinds };
  const picture = () => <Picture title={`${title}, ${counted(dots.length, "run")}`} width={800} height={HEIGHT + 40}><g transform="translate(0 36)"><Drawing {...how} width={800} /></g></Picture>;
  return (
    <Chart title={title} said="" picture={picture} head={["run", "name", setting, metric]} rows={dots.map((d) => [d.r.id, d.r.name, d.x, d.y])} note={dots.length < of.length ? `${counted(of.length - dots.length, "run")} without a finite ${metric}.` : undefined}>
      <div ref={box} class="plot-box" tabIndex={0} role="group" aria-label={`Runs of ${title}: left and right read them, Enter opens one`} onKeyDown={keys}>
        <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={`${title}, ${counted(dots.length, "run")}`} onPointerMove={point}>
          <Drawing {...how} width={width} />
          {near && <circle class="near" cx={frame.px(near.at)} cy={frame.py(near.y)} r={6} />}
        </svg>
      </div>
      <p class="note" aria-live="polite">{near ? <><a href={toRun(near.r.id)}>{near.r.name || near.r.id}</a>: {setting} {shown(near.x)}, {metric} {plain(near.y)}</> : "Point at a run to read it, or use the arrow keys."}</p>
    </Chart>
  );
}

function Drawing({ setting, metric, dots, kinds, width }: { setting: string; metric: string; dots: Dot[]; kinds: string[]; width: number }) {
  const { px, py, left, right, low, high } = framed(dots, kinds, width);
  const write = formatter([low, high], low);
  return (
    <>
      <text class="s" font-size={11} x={4} y={12}>{cut(metric, width / 2)}</text>
      {ticks(low, high, 4).map((t) => <g key={t}><line class="grid" x1={LEFT} x2={width - RIGHT} y1={py(t)} y2={py(t)} /><text class="s" font-size={11} x={LEFT - 8} y={py(t) + 4} text-anchor="end">{write(t)}</text></g>)}
      {kinds.length
        ? kinds.slice(0, KINDS).map((k, i) => <text key={k} class="s" font-size={11} x={px(i)} y={HEIGHT - 22} text-anchor="middle">{k.slice(0, 16)}</text>)
        : ticks(left, right, 6).map((t) => <text key={t} class="s" font-size={11} x={px(t)} y={HEIGHT - 22} text-anchor="middle">{plain(t)}</text>)}
      <text class="s" font-size={11} x={(LEFT + width - RIGHT) / 2} y={HEIGHT - 5} text-anchor="middle">{cut(setting, width / 2)}</text>
      <path class="dots" d={dots.map((d) => `M${px(d.at).toFixed(1)} ${py(d.y).toFixed(1)}h.01`).join("")} />
    </>
  );
}

/** Runs with a finite value, from left to right; what is not a number by everybody stands by its text. */
function dotted(of: RunRow[], setting: string, metric: string): { dots: Dot[]; kinds: string[] } {
  const found = of.flatMap((r) => {
    const y = numbered(r.metrics[metric]?.last);
    return Number.isFinite(y) ? [{ r, x: r.params[setting], y }] : [];
  });
  const numeric = found.every((d) => typeof d.x === "number");
  const kinds = numeric ? [] : [...new Set(found.map((d) => shown(d.x)))].sort();
  const order = new Map(kinds.map((k, i) => [k, i]));
  const dots = found.map((d) => ({ ...d, at: numeric ? (d.x as number) : (order.get(shown(d.x)) ?? 0) }));
  return { dots: dots.sort((a, b) => a.at - b.at || a.y - b.y), kinds };
}

function framed(dots: Dot[], kinds: string[], width: number) {
  const [left, right] = kinds.length ? [-0.5, kinds.length - 0.5] : spread(dots.map((d) => d.at));
  const [low, high] = spread(dots.map((d) => d.y));
  const px = (x: number) => LEFT + ((x - left) / (right - left || 1)) * (width - LEFT - RIGHT);
  const py = (y: number) => HEIGHT - BOTTOM - ((y - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  return { px, py, left, right, low, high };
}

/** From the least to the greatest, with room where there is one value alone. */
function spread(values: number[]): [number, number] {
  let low = Infinity, high = -Infinity;
  for (const v of values) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (!(low <= high)) return [0, 1];
  return low < high ? [low, high] : [low - (Math.abs(low) || 1) * 0.1, high + (Math.abs(high) || 1) * 0.1];
}
