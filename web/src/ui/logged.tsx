// What a run logged that is no number: histograms, tables, images and texts, one of each name at a time.

import { useState } from "preact/hooks";
import { getRunsRunLoggedPlace } from "../api/client";
import type { Logged } from "../api/types";
import { count, counted, plain, shown } from "../lib/format";
import { useLoaded } from "../lib/load";
import { toRun } from "../lib/router";
import { Chart, useWidth } from "./chart";
import { Card, Waits } from "./common";
import { ticks } from "./forest";

interface Counts {
  counts: number[];
  edges: number[];
  nan: number;
  infinite: number;
  mean: number | null;
}

interface Rows {
  columns: string[];
  rows: unknown[][];
  all_rows: number;
}

export function LoggedCards({ of, run }: { of: Logged[]; run: string }) {
  const named = new Map<string, Logged[]>();
  for (const one of of) {
    const key = `${one.key.kind} ${one.key.name} ${one.key.rank} ${one.key.worker}`;
    named.set(key, [...(named.get(key) ?? []), one]);
  }
  return <>{[...named].map(([key, all]) => <Named key={key} of={all} run={run} />)}</>;
}

function Named({ of, run }: { of: Logged[]; run: string }) {
  // The newest, also of what comes later, until another is chosen.
  const [chosen, setAt] = useState<number | null>(null);
  const at = Math.min(chosen ?? Infinity, of.length - 1);
  const one = of[at];
  if (!one) return null;
  const { name, kind, rank } = one.key;
  const steps = of.length > 1 && (
    <label class="inline">step {plain(one.step)}
      <input type="range" min={0} max={of.length - 1} value={at} aria-label={`Step of ${name}`} aria-valuetext={`step ${plain(one.step)}`} onInput={(e) => setAt(Number(e.currentTarget.value))} />
      <span class="muted">{counted(of.length, kind)}</span>
    </label>
  );
  return <Card title={rank >= 0 ? `${name}, rank ${rank}` : name} more={steps}><Content key={one.place} of={one} run={run} /></Card>;
}

function Content({ of, run }: { of: Logged; run: string }) {
  const found = useLoaded(`${run} ${of.place}`, async () => (of.content === null ? (await getRunsRunLoggedPlace<Logged>(run, String(of.place))).content : of.content));
  const { name, kind } = of.key;
  if (kind === "image") return <img class="logged" loading="lazy" onLoad={(e) => e.currentTarget.classList.toggle("tiny", e.currentTarget.naturalWidth < 96)} src={`/api/v1${toRun(run)}/images/${of.place}`} alt={`${name} at step ${of.step}`} />;
  return (
    <Waits on={found}>
      {(content) => {
        if (kind === "histogram") return <Histogram title={name} of={content as Counts} />;
        if (kind === "table") return <LoggedTable title={name} of={content as Rows} />;
        return <pre class="pre said-text">{shown(content)}</pre>;
      }}
    </Waits>
  );
}

const LEFT = 52, BOTTOM = 26, TOP = 8;

function Histogram({ title, of }: { title: string; of: Counts }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const height = 220, most = Math.max(1, ...of.counts);
  const low = of.edges[0] ?? 0, high = of.edges.at(-1) ?? 1;
  const x = (v: number) => LEFT + ((v - low) / (high - low || 1)) * (width - LEFT - 12);
  const y = (n: number) => height - BOTTOM - (n / most) * (height - TOP - BOTTOM);
  const total = of.counts.reduce((a, b) => a + b, 0);
  const note = [`${counted(total, "value")}, mean ${of.mean === null ? "undefined" : plain(of.mean)}`, of.nan && `${count(of.nan)} not a number`, of.infinite && `${count(of.infinite)} infinite`].filter(Boolean).join("; ");
  return (
    <Chart title={title} said="" head={["from", "to", "count"]} rows={of.counts.map((n, i) => [of.edges[i], of.edges[i + 1], n])} note={`${note}.`}>
      <div ref={box} class="plot-box">
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}: histogram of ${counted(total, "value")}`}>
          {ticks(0, most, 4).map((t) => <g key={t}><line class="grid" x1={LEFT} x2={width - 12} y1={y(t)} y2={y(t)} /><text class="s" font-size={11} x={LEFT - 8} y={y(t) + 4} text-anchor="end">{plain(t)}</text></g>)}
          {of.counts.map((n, i) => {
            const from = x(of.edges[i] ?? 0), to = x(of.edges[i + 1] ?? 0);
            return <rect key={i} class="bar" x={from} y={y(n)} width={Math.max(0.5, to - from - 0.5)} height={height - BOTTOM - y(n)}><title>{`${plain(of.edges[i])} to ${plain(of.edges[i + 1])}: ${count(n)}`}</title></rect>;
          })}
          <line class="axis" x1={LEFT} x2={width - 12} y1={height - BOTTOM} y2={height - BOTTOM} />
          {ticks(low, high, Math.max(2, Math.floor(width / 120))).map((t) => <text key={t} class="s" font-size={11} x={x(t)} y={height - 8} text-anchor="middle">{plain(t)}</text>)}
        </svg>
      </div>
    </Chart>
  );
}

const MOST = 200;

function LoggedTable({ title, of }: { title: string; of: Rows }) {
  const cut = [of.rows.length > MOST && `the first ${MOST} rows; CSV has ${count(of.rows.length)}`, of.all_rows > of.rows.length && `${count(of.all_rows)} were logged, ${count(of.rows.length)} kept`].filter(Boolean).join("; ");
  return (
    <Chart title={title} said="" head={of.columns} rows={of.rows} note={cut ? `${cut}.` : undefined} table={null}>
      <div class="scroll tall" role="group" tabIndex={0} aria-label={title}>
        <table>
          <thead><tr>{of.columns.map((c, j) => <th key={c} scope="col" class={typeof of.rows[0]?.[j] === "number" ? "num" : ""}>{c}</th>)}</tr></thead>
          <tbody>{of.rows.slice(0, MOST).map((row, i) => <tr key={i}>{row.map((v, j) => <td key={j} class={typeof v === "number" ? "num" : "pre"}>{shown(v)}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </Chart>
  );
}
