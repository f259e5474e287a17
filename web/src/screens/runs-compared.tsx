// Runs side by side: a setting against a metric for up to a thousand, their curves, and how two differ.

import { useMemo, useState } from "preact/hooks";
import { getRunsDiff, getRunsRunSeriesName } from "../api/client";
import type { RunDifference, RunPage, RunRow, Series } from "../api/types";
import { counted, formatter, plain, shown } from "../lib/format";
import { address, send } from "../lib/http";
import { useLoaded } from "../lib/load";
import { toRun } from "../lib/router";
import { Chart, useWidth } from "../ui/chart";
import { Pick } from "../ui/choose";
import { Card, Page, Waits } from "../ui/common";
import { ticks } from "../ui/forest";
import { Lines, numbered, type Curve } from "../ui/lines";

const CURVES = 40, ROWS = 200;

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
      <Card title="Settings that differ, and metrics">
        <div class="scroll tall" role="group" tabIndex={0} aria-label="Runs">
          <table>
            <thead><tr><th scope="col">Run</th>{params.map((p) => <th key={p} scope="col">{p}</th>)}{metrics.map((m) => <th key={m} scope="col" class="num">{m}</th>)}</tr></thead>
            <tbody>
              {of.slice(0, ROWS).map((r) => (
                <tr key={r.id}><th scope="row"><a href={toRun(r.id)}>{r.name || r.id}</a></th>{params.map((p) => <td key={p}>{shown(r.params[p])}</td>)}{metrics.map((m) => <td key={m} class="num">{r.metrics[m] ? plain(numbered(r.metrics[m].last)) : "–"}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
        {of.length > ROWS && <p class="note">The first {ROWS} of {of.length}; the chart above has all of them, and its CSV too.</p>}
      </Card>
    </>
  );
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
    <Card title={`Curves of ${metric}`} more={of.length > CURVES ? <span class="muted">the first {CURVES} of {of.length}</span> : undefined}>
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
  return (
    <Chart title={`${metric} by ${setting}`} said="" head={["run", "name", setting, metric]} rows={points.map((p) => [p.r.id, p.r.name, p.x, p.y])} note={points.length < of.length ? `${counted(of.length - points.length, "run")} without a finite ${metric}.` : undefined}>
      <div ref={box} class="plot-box">
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${metric} by ${setting}, ${counted(points.length, "run")}`}>
          {ticks(low, high, 4).map((t) => <g key={t}><line class="grid" x1={60} x2={width - 20} y1={py(t)} y2={py(t)} /><text class="s" font-size={11} x={52} y={py(t) + 4} text-anchor="end">{write(t)}</text></g>)}
          {numeric
            ? ticks(left, right, 6).map((t) => <text key={t} class="s" font-size={11} x={px(t)} y={height - 10} text-anchor="middle">{plain(t)}</text>)
            : kinds.slice(0, 20).map((k, i) => <text key={k} class="s" font-size={11} x={px(i)} y={height - 10} text-anchor="middle">{k.slice(0, 16)}</text>)}
          {points.map((p, i) => <circle key={p.r.id} class="dot" cx={px(xs[i] ?? 0)} cy={py(p.y)} r={4}><title>{`${p.r.name || p.r.id}: ${shown(p.x)}, ${plain(p.y)}`}</title></circle>)}
        </svg>
      </div>
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
