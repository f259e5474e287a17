// Runs side by side: a setting against a metric for up to a thousand, their curves, and how two differ.

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { getRunsDiff, getRunsRunSeriesName } from "../api/client";
import type { RunDifference, RunPage, RunRow, Series } from "../api/types";
import { count, counted, plain, shown } from "../lib/format";
import { address, send } from "../lib/http";
import { useLoaded } from "../lib/load";
import { ask, go, toRun, usePlace } from "../lib/router";
import { Pick } from "../ui/choose";
import { Card, Page, Waits } from "../ui/common";
import { Grid, type GridColumn } from "../ui/grid";
import { Lines, numbered, type Curve } from "../ui/lines";
import { Scatter } from "../ui/scatter";

const CURVES = 40;

/** Runs that the address names. */
export function RunsCompared({ of }: { of: string[] }) {
  const found = useLoaded(of.join(), () => send<RunPage>("GET", address("/api/v1/runs/compare", { run: of })));
  return <Waits on={found}>{({ runs }) => <Compared of={runs} />}</Waits>;
}

/** Side by side; the address holds the metric, the setting and the order. */
export function Compared({ of }: { of: RunRow[] }) {
  return <Page title={`${counted(of.length, "run")} side by side`} eyebrow={<a href="/runs">Runs</a>}><Shown of={of} /></Page>;
}

function Shown({ of }: { of: RunRow[] }) {
  const { query } = usePlace();
  const params = useMemo(() => differing(of), [of]);
  const metrics = useMemo(() => [...new Set(of.flatMap((r) => Object.keys(r.metrics)))].sort(), [of]);
  const known = (name: string | null, all: string[]) => (name !== null && all.includes(name) ? name : undefined);
  const setting = known(query.get("setting"), params) ?? params[0] ?? "";
  const metric = known(query.get("metric"), metrics) ?? metrics.find((m) => of.some((r) => (r.metrics[m]?.count ?? 0) > 1)) ?? metrics[0] ?? "";
  const drawn = useMemo(() => of.filter((r) => r.metrics[metric]), [of, metric]);
  const [a, b] = of;
  return (
    <>
      <div class="row">
        <Pick label="Metric" of={metrics} value={metric} choose={(name) => ask({ metric: name })} />
        <Pick label="Setting" of={params} none="none differs" value={setting} choose={(name) => ask({ setting: name })} />
      </div>
      {metric && <Curves of={drawn} metric={metric} />}
      {setting && metric && <Card title={`${metric} by ${setting}`}><Scatter of={of} setting={setting} metric={metric} /></Card>}
      {of.length === 2 && a && b && <Card title="How they differ"><Diff a={a.id} b={b.id} names={[a.name || a.id, b.name || b.id]} /></Card>}
      <Later>
        <Card title="Settings that differ, and metrics"><Side of={of} params={params} metrics={metrics} sort={query.get("order") ?? ""} /></Card>
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

function Side({ of, params, metrics, sort }: { of: RunRow[]; params: string[]; metrics: string[]; sort: string }) {
  const valueOf = (r: RunRow, column: string): unknown => (column.startsWith("m") ? numbered(r.metrics[column.slice(2)]?.last) : column.startsWith("p") ? r.params[column.slice(2)] : r.name || r.id);
  const rows = useMemo(() => (sort ? ordered(of, (r) => valueOf(r, sort.replace(/^-/, "")), sort.startsWith("-")) : of), [of, sort]);
  const columns: GridColumn<RunRow>[] = [
    { key: "name", title: "Run", width: "minmax(11rem, 1.6fr)", sort: "name", cell: (r) => <a href={toRun(r.id)} title={r.id}>{r.name || r.id}</a> },
    ...params.map((p): GridColumn<RunRow> => ({ key: `p ${p}`, title: p, width: "minmax(6rem, 1fr)", sort: `p ${p}`, cell: (r) => shown(r.params[p]) })),
    ...metrics.map((m): GridColumn<RunRow> => ({ key: `m ${m}`, title: m, width: "minmax(6.5rem, 1fr)", numeric: true, sort: `m ${m}`, cell: (r) => (r.metrics[m] ? plain(numbered(r.metrics[m].last)) : "–") })),
  ];
  return <Grid label="Runs side by side" idOf={(r) => r.id} total={rows.length} rowAt={(place) => rows[place]} need={() => {}} columns={columns} sort={sort} order={(order) => ask({ order })} open={(r) => go(toRun(r.id))} mark={() => {}} />;
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

const title = (r: RunRow): string => `${r.name || r.id}${r.seed === null ? "" : `, seed ${r.seed}`}`;

/** What tells a run from the others: its id too, where name and seed do not. */
const named = (r: RunRow, of: RunRow[]): string => (of.some((o) => o !== r && title(o) === title(r)) ? `${title(r)} (${r.id})` : title(r));

function Curves({ of, metric }: { of: RunRow[]; metric: string }) {
  const drawn = of.slice(0, CURVES);
  const found = useLoaded(metric + drawn.map((r) => r.id).join(), async () => {
    const points = Math.max(60, Math.floor(20_000 / Math.max(1, drawn.length)));
    const curves: Curve[] = [];
    for (let i = 0; i < drawn.length; i += 6) {
      curves.push(...await Promise.all(drawn.slice(i, i + 6).map(async (r) => {
        const s = await getRunsRunSeriesName<Series>(r.id, metric, { points: Math.min(1500, points) });
        return { name: named(r, drawn), steps: s.steps, values: s.values.map(numbered), count: s.count };
      })));
    }
    return curves.filter((c) => c.count > 1);
  });
  return (
    <Card title={`Curves of ${metric}`} more={of.length > CURVES ? <span class="muted">the first {CURVES} of {count(of.length)}</span> : undefined}>
      <Waits on={found}>{(curves) => (curves.length ? <Lines title={metric} subject={counted(curves.length, "run")} said="" of={curves} height={320} csv={address("/api/v1/runs/values", { run: of.map((r) => r.id), name: metric })} /> : <p class="muted">Each run has a single value of it.</p>)}</Waits>
    </Card>
  );
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
