// Intervals beside their line of no effect; the right is always better for the candidate.

import type { Comparison, Tone, Verdict } from "../api/types";
import { formatter, interval } from "../lib/format";
import { Shape } from "./mark";

export interface Scale {
  low: number;
  high: number;
  flipped: boolean;
}

export interface Row {
  value: number | null;
  bounds: [number, number] | null;
  tone: Tone;
  said: string;
}

export function scaleOf(rows: Row[], lines: number[], flipped: boolean): Scale {
  const seen = [...lines];
  for (const row of rows) {
    if (row.value !== null) seen.push(row.value);
    for (const bound of row.bounds ?? []) if (Number.isFinite(bound)) seen.push(bound);
  }
  const low = Math.min(...seen), high = Math.max(...seen);
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return { low: low - room, high: high + room, flipped };
}

export function place(scale: Scale, value: number, width: number): number {
  const share = (value - scale.low) / (scale.high - scale.low);
  return Math.min(width, Math.max(0, width * (scale.flipped ? 1 - share : share)));
}

interface StripProps {
  row: Row;
  scale: Scale;
  zero?: number | null;
  margins?: number[];
  width?: number;
  height?: number;
}

/** One row of the plot. */
export function Strip({ width = 280, height = 30, ...how }: StripProps) {
  return (
    <svg class="strip" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={how.row.said}>
      <title>{how.row.said}</title>
      <StripMarks width={width} height={height} {...how} />
    </svg>
  );
}

export function StripMarks({ row, scale, zero = 0, margins = [], width = 280, height = 30 }: StripProps) {
  const mid = height / 2;
  const x = (value: number) => place(scale, value, width - 16) + 8;
  return (
    <>
      {zero !== null && <line x1={x(zero)} x2={x(zero)} y1={0} y2={height} class="zero" />}
      {margins.map((m) => <line key={m} x1={x(m)} x2={x(m)} y1={0} y2={height} class="margin" />)}
      {row.bounds && (
        <>
          <line x1={x(row.bounds[0])} x2={x(row.bounds[1])} y1={mid} y2={mid} class={`whisker-${row.tone}`} />
          {row.bounds.map((b, i) => Number.isFinite(b) && <line key={i} x1={x(b)} x2={x(b)} y1={mid - 4} y2={mid + 4} class={`whisker-${row.tone}`} />)}
        </>
      )}
      {row.value !== null && <Shape tone={row.tone} x={x(row.value)} y={mid} size={5} />}
    </>
  );
}

interface AxisProps {
  scale: Scale;
  width?: number;
  ends?: [string, string];
}

/** The numbers beneath the rows of one plot. */
export function Axis({ scale, width = 280, ends }: AxisProps) {
  return <svg class="strip axis" viewBox={`0 0 ${width} ${ends ? 34 : 20}`} aria-hidden="true"><AxisMarks scale={scale} width={width} ends={ends} /></svg>;
}

export function AxisMarks({ scale, width = 280, ends }: AxisProps) {
  const write = formatter([scale.low, scale.high], 0);
  return (
    <>
      <line x1={8} x2={width - 8} y1={1} y2={1} class="axis" />
      {ticks(scale.low, scale.high, 4).map((t) => {
        const x = place(scale, t, width - 16) + 8;
        return (
          <g key={t}>
            <line x1={x} x2={x} y1={1} y2={5} class="axis" />
            <text x={x} y={16} class="s" font-size={10.5} text-anchor="middle">{write(t)}</text>
          </g>
        );
      })}
      {ends && (
        <>
          <text x={8} y={31} class="s" font-size={10.5}>← {ends[0]}</text>
          <text x={width - 8} y={31} class="s" font-size={10.5} text-anchor="end">{ends[1]} →</text>
        </>
      )}
    </>
  );
}

export function ticks(low: number, high: number, about: number): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [];
  const power = 10 ** Math.floor(Math.log10(span / about));
  const step = ([1, 2, 5, 10].find((s) => span / (s * power) <= about) ?? 10) * power;
  const found: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i += 1) found.push(i * step);
  return found;
}

export const deciding = (c: Comparison): [number, number] | null =>
  c.difference.decision_interval ?? c.difference.interval;

export const sign = (c: Comparison): number => (c.metric.direction === "lower" ? -1 : 1);

/** How a difference reads without a claim, in the words of the memo. */
export function reading(c: Comparison): [Tone, string] {
  const d = c.difference, bounds = deciding(c);
  if (d.undefined !== null || d.value === null) return ["muted", "undefined"];
  if (!bounds) return ["muted", "no interval"];
  if (!d.inside_domain) return ["muted", "too small"];
  const [low, high] = bounds.map((b) => sign(c) * b).sort((a, b) => a - b) as [number, number];
  if (c.metric.direction === "none") return low > 0 ? ["info", "higher"] : high < 0 ? ["info", "lower"] : ["unsure", "unclear"];
  return low > 0 ? ["good", "better"] : high < 0 ? ["bad", "worse"] : ["unsure", "unclear"];
}

export function rowOf(c: Comparison): Row {
  const [tone, word] = reading(c);
  const bounds = deciding(c);
  return { value: c.difference.value, bounds, tone, said: `${figures(c)}, ${word}` };
}

export function figures(c: Comparison): string {
  const d = c.difference, bounds = deciding(c);
  if (d.value === null || d.undefined !== null) return d.undefined ?? "undefined";
  const point = formatter(bounds, d.value)(d.value, true);
  return bounds ? `${point} ${interval(bounds, d.value)}` : `${point}, no interval`;
}

const TONES: Record<Verdict["status"], Tone> = { supported: "good", refuted: "bad", inconclusive: "unsure", invalid: "muted" };
export const statusTone = (v: Verdict): Tone => TONES[v.status];
