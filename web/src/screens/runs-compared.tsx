// Runs side by side: a setting against a metric for up to a thousand, their curves, and how two differ.

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { getRunsDiff, getRunsRunSeriesName } from "../api/client";
import type { RunDifference, RunPage, RunRow, Series } from "../api/types";
import { count, counted, formatter, plain, shown } from "../lib/format";
import { address, send } from "../lib/http";
import { useLoaded } from "../lib/load";
import { go, toRun } from "../lib/router";
import { Chart, useWidth } from "../ui/chart";
import { Pick } from "../ui/choose";
import { Card, Page, Waits } from "../ui/common";
import { ticks } from "../ui/forest";
import { Grid, type GridColumn } from "../ui/grid";
import { Lines, numbered, type Curve } from "../ui/lines";

const CURVES = 40;

export function RunsCompared({ of }: { of: string[] }) {
  const ids = of[0] === "many" ? (JSON.parse(sessionStorage.getItem("assay.compared") ?? "[]") as string[]) : of;
  const found = useLoaded(ids.join(), () => send<RunPage>("GET", address("/api/v1/runs/compare", { run: ids.slice(0, 1000) })));
  return (
    <Page title={`${counted(ids.length, "run")} side by side`} eyebrow={<a href="/runs">Runs</a>}>
      <Waits on={found}>{(page) => <Compared of={page.runs} />}</Waits>
    </Page>
  );
}

function Compared({ of }: { of: RunRow[] }) {
  const params = useMemo(() => differing(of), [of]);
  const metrics = useMemo(() => [...new Set(of.flatMap((r) => Object.keys(r.metrics)))].sort(), [of]);
  const [setting, setSetting] = useState(params[0] ?? "");
  const [metric, setMetric] = useState(metrics.find((m) => of.some((r) => (r.metrics[m]?.count ?? 0) > 1)) ?? metrics[0] ?? "");
  const [a, b] = of;
  return (
    <>
      <div class="row">
        <Pick label="Metric" of={metrics} value={metric} choose={setMetric} />
        <Pick label="Setting" of={params} none="none differs" value={setting} choose={setSetting} />
      </div>
      {metric && <Curves of={of.filter((r) => r.metrics[metric])} metric={metric} />}
      {setting && metric && <Card title={`${metric} by ${setting}`}><Scatter of={of} setting={setting} metric={metric} /></Card>}
      {of.length === 2 && a && b && <Card title="How they differ"><Diff a={a.id} b={b.id} names={[a.name || a.id, b.name || b.id]} /></Card>}
      <Later>
        <Card title="Settings that differ, and metrics"><Side of={of} params={params} metrics={metrics} /></Card>
      </Later>
    </>
  );
}

/** What stands further down is drawn once the browser has time: nothing that is in sight waits for it. */
function Later({ children }: { children: ComponentChildren }) {
  const [now, setNow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setNow(true), 80);
    return () => clearTimeout(timer);
  }, []);
  return now ? <>{children}</> : <p class="waiting" role="status">…</p>;
}

function Side({ of, params, metrics }: { of: RunRow[]; params: string[]; metrics: string[] }) {
  const [sort, setSort] = useState("");
  const valueOf = (r: RunRow, column: string): unknown => (column.startsWith("m") ? numbered(r.metrics[column.slice(2)]?.last) : column.startsWith("p") ? r.params[column.slice(2)] : r.name || r.id);
  const rows = useMemo(() => (sort ? ordered(of, (r) => valueOf(r, sort.replace(/^-/, "")), sort.startsWith("-")) : of), [of, sort]);
  const columns: GridColumn<RunRow>[] = [
    { key: "name", title: "Run", width: "minmax(11rem, 1.6fr)", sort: "name", cell: (r) => <a href={toRun(r.id)} title={r.id}>{r.name || r.id}</a> },
    ...params.map((p): GridColumn<RunRow> => ({ key: `p ${p}`, title: p, width: "minmax(6rem, 1fr)", sort: `p ${p}`, cell: (r) => shown(r.params[p]) })),
    ...metrics.map((m): GridColumn<RunRow> => ({ key: `m ${m}`, title: m, width: "minmax(6.5rem, 1fr)", numeric: true, sort: `m ${m}`, cell: (r) => (r.metrics[m] ? plain(numbered(r.metrics[m].last)) : "–") })),
  ];
  return <Grid label="Runs side by side" total={rows.length} rowAt={(place) => rows[place]} need={() => {}} columns={columns} sort={sort} order={setSort} open={(r) => go(toRun(r.id))} mark={() => {}} />;
}

/** Numbers by size, anything else by its text; what is missing comes last either way. */
function ordered<T>(rows: T[], by: (row: T) => unknown, falling: boolean): T[] {
  const absent = (v: unknown) => v === undefined || v === null || (typeof v === "number" && Number.isNaN(v));
  const less = (a: unknown, b: unknown) => (typeof a === "number" && typeof b === "number" ? a - b : shown(a).localeCompare(shown(b)));
  return rows.map((row): [T, unknown] => [row, by(row)]).sort(([, a], [, b]) => (absent(a) ? (absent(b) ? 0 : 1) : absent(b) ? -1 : falling ? less(b, a) : less(a, b))).map(([row]) => row);
}

function differing(of: RunRow[]): string[] {
  const names = [...new Set(of.flatMap((r) => Object.keys(r.params)))].sort();
  return names.filter((n) => new Set(of.map((r) => JSON.stringify(r.params[n]))).size > 1);
}

function Curves({ of, metric }: { of: RunRow[]; metric: string }) {
  const drawn = of.slice(0, CURVES);
  const found = useLoaded(metric + drawn.map((r) => r.id).join(), async () => {
    const points = Math.max(60, Math.floor(20_000 / Math.max(1, drawn.length)));
    const curves: Curve[] = [];
    for (let i = 0; i < drawn.length; i += 6) {
      curves.push(...await Promise.all(drawn.slice(i, i + 6).map(async (r) => {
        const s = await getRunsRunSeriesName<Series>(r.id, metric, { points: Math.min(1500, points) });
        return { name: `${r.name || r.id}${r.seed === null ? "" : `, seed ${r.seed}`}`, steps: s.steps, values: s.values.map(numbered), count: s.count };
      })));
    }
    return curves.filter((c) => c.count > 1);
  });
  return (
    <Card title={`Curves of ${metric}`} more={of.length > CURVES ? <span class="muted">the first {CURVES} of {count(of.length)}</span> : undefined}>
      <Waits on={found}>{(curves) => (curves.length ? <Lines title={metric} said="" of={curves} height={320} /> : <p class="muted">Each run has a single value of it.</p>)}</Waits>
    </Card>
  );
}

function Scatter({ of, setting, metric }: { of: RunRow[]; setting: string; metric: string }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const height = 280;
  const points = of.flatMap((r) => {
    const y = numbered(r.metrics[metric]?.last), x = r.params[setting];
    return Number.isFinite(y) ? [{ r, x, y }] : [];
  });
  const numeric = points.every((p) => typeof p.x === "number");
  const kinds = numeric ? [] : [...new Set(points.map((p) => shown(p.x)))].sort();
  const at = (x: unknown) => (numeric ? (x as number) : kinds.indexOf(shown(x)));
  const xs = points.map((p) => at(p.x)), ys = points.map((p) => p.y);
  const [left, right] = numeric ? spread(xs) : [-0.5, kinds.length - 0.5];
  const [low, high] = spread(ys);
  const px = (x: number) => 60 + ((x - left) / (right - left || 1)) * (width - 80);
  const py = (y: number) => height - 34 - ((y - low) / (high - low || 1)) * (height - 54);
  const write = formatter([low, high], low);
  const [near, setNear] = useState<(typeof points)[number] | null>(null);
  const point = (event: PointerEvent) => {
    const { left: from, top } = (event.currentTarget as Element).getBoundingClientRect();
    const away = (p: (typeof points)[number]) => Math.hypot(px(at(p.x)) - (event.clientX - from), py(p.y) - (event.clientY - top));
    setNear(points.reduce<(typeof points)[number] | null>((best, p) => (best && away(best) <= away(p) ? best : p), null));
  };
  return (
    <Chart title={`${metric} by ${setting}`} said="" head={["run", "name", setting, metric]} rows={points.map((p) => [p.r.id, p.r.name, p.x, p.y])} note={points.length < of.length ? `${counted(of.length - points.length, "run")} without a finite ${metric}.` : undefined}>
      <div ref={box} class="plot-box">
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${metric} by ${setting}, ${counted(points.length, "run")}`} onPointerMove={point}>
          {ticks(low, high, 4).map((t) => <g key={t}><line class="grid" x1={60} x2={width - 20} y1={py(t)} y2={py(t)} /><text class="s" font-size={11} x={52} y={py(t) + 4} text-anchor="end">{write(t)}</text></g>)}
          {numeric
            ? ticks(left, right, 6).map((t) => <text key={t} class="s" font-size={11} x={px(t)} y={height - 10} text-anchor="middle">{plain(t)}</text>)
            : kinds.slice(0, 20).map((k, i) => <text key={k} class="s" font-size={11} x={px(i)} y={height - 10} text-anchor="middle">{k.slice(0, 16)}</text>)}
          <path class="dots" d={points.map((p, i) => `M${px(xs[i] ?? 0).toFixed(1)} ${py(p.y).toFixed(1)}h.01`).join("")} />
          {near && <circle class="near" cx={px(at(near.x))} cy={py(near.y)} r={6} />}
        </svg>
      </div>
      <p class="note">{near ? <><a href={toRun(near.r.id)}>{near.r.name || near.r.id}</a>: {shown(near.x)}, {plain(near.y)}</> : "Point at a run to read it."}</p>
    </Chart>
  );
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

export function Diff({ a, b, names }: { a: string; b: string; names: [string, string] }) {
  const found = useLoaded(a + b, () => getRunsDiff<{ differences: RunDifference[] }>({ a, b }));
  return (
    <Waits on={found}>
      {({ differences }) => differences.length ? (
        <div class="scroll" role="group" tabIndex={0} aria-label="Differences">
          <table>
            <thead><tr><th scope="col">Part</th><th scope="col">Name</th><th scope="col">{names[0]}</th><th scope="col">{names[1]}</th></tr></thead>
            <tbody>{differences.map((d, i) => <tr key={i}><th scope="row">{d.part}</th><td>{d.name}</td><td class="pre">{shown(d.first)}</td><td class="pre">{shown(d.second)}</td></tr>)}</tbody>
          </table>
        </div>
      ) : <p class="muted">They differ in nothing that was captured.</p>}
    </Waits>
  );
}
