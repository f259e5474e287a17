// The table of runs: filtered, grouped, ordered and paged by the server; the address holds all of it.

import { useMemo, useRef, useState } from "preact/hooks";
import { getRuns, getRunsGroups, getRunsNames } from "../api/client";
import type { RunGroup, RunNames, RunPage, RunRow } from "../api/types";
import { conditionOf, readable, valuesOf } from "../lib/conditions";
import { count, counted, moment, plain, seconds, shown } from "../lib/format";
import { again } from "../lib/http";
import { useKept, useLoaded, useWatch } from "../lib/load";
import { usePages } from "../lib/pages";
import { ask, go, toRun, usePlace } from "../lib/router";
import { Chips } from "../ui/choose";
import { Card, Empty, NoneFit, Page, Problem, Waits } from "../ui/common";
import { Grid, type GridColumn } from "../ui/grid";
import { GroupChart } from "../ui/groups";
import { numbered } from "../ui/lines";
import { State } from "../ui/mark";
import { Compared, RunsCompared } from "./runs-compared";
import { Views } from "./views";

export interface Asked {
  where: string[];
  sort: string;
  columns: string[];
  by: string[];
  metric: string[];
}

export function askedOf(query: URLSearchParams): Asked {
  return {
    where: query.getAll("where"),
    sort: query.get("sort") ?? "-started",
    columns: query.getAll("columns"),
    by: query.getAll("by"),
    metric: query.getAll("metric"),
  };
}

export function RunsScreen() {
  const { query } = usePlace();
  const compared = query.getAll("run");
  if (compared.length) return <RunsCompared of={compared} />;
  return query.has("side") ? <Matching asked={askedOf(query)} /> : <RunsTable asked={askedOf(query)} />;
}

function RunsTable({ asked }: { asked: Asked }) {
  const key = JSON.stringify([asked.where, asked.sort]);
  // The table is of the rows that came, which are still those of the question before while the next are on their way.
  const last = useRef<{ key: string; page: RunPage } | null>(null);
  const loaded = useLoaded(key, async () => {
    const page = await again<RunPage>("/api/v1/runs", { where: asked.where, sort: asked.sort, limit: 200 });
    if (last.current?.page !== page || last.current.key !== key) last.current = { key, page };
    return last.current;
  });
  const first = { ...loaded, value: loaded.value?.page ?? null };
  // The rows first: the names wait until the server has sent them.
  const told = useLoaded(first.value ? JSON.stringify(asked.where) : "", async () => (first.value ? getRunsNames<RunNames>({ where: asked.where }) : null));
  const [turn, setTurn] = useState(0);
  useWatch(first.value !== null, async () => {
    const before = last.current;
    await loaded.renew();
    if (last.current === before) return;
    await told.renew();
    setTurn((n) => n + 1);
  }, 4000);
  // Until all runs that fit were asked, the names are those of the rows that came.
  const names = useSame(useMemo(() => (told.value?.total ? { params: common(told.value.settings), metrics: common(told.value.metrics) } : namesOf(first.value?.runs ?? [])), [told.value, first.value]));
  // Hundreds of cells: they are drawn again when what they show has changed, not with everything around them.
  const table = useMemo(() => (first.value?.total ? <Table key={loaded.value?.key} asked={asked} first={first.value} names={names} /> : null), [first.value, names, JSON.stringify([key, asked.columns])]);
  return (
    <Page title="Runs" lead="What was executed: its configuration, code, data, environment and every value it logged.">
      {!(first.value?.total === 0 && !asked.where.length) && <Filters asked={asked} total={first.value?.total ?? null} names={names} told={told.value} />}
      {first.wrong && <Problem of={first.wrong} again={first.again} />}
      {first.wrong && asked.where.length > 0 && <p><button type="button" onClick={showAll}>Show every run</button></p>}
      {first.value && (first.value.total === 0 && !asked.where.length
        ? <Empty title="Nothing was run yet" commands={["assay run -- python train.py"]}>A run keeps what a result came from: configuration, seed, code, data, environment, and every value that it logs. In Python <code>run = assay.run(config)</code>, then <code>run.log(loss=…)</code>; from a terminal, of any program:</Empty>
        : <>
            {asked.by.length > 0 && first.value.total > 0 && <Groups asked={asked} names={names} turn={turn} />}
            {table ?? <None />}
          </>)}
    </Page>
  );
}

/** The first thousand that fit side by side: the address says which, for whoever opens it. */
function Matching({ asked }: { asked: Asked }) {
  const found = useLoaded(JSON.stringify([asked.where, asked.sort]), () => getRuns<RunPage>({ where: asked.where, sort: asked.sort, limit: SIDE }));
  return <Waits on={found}>{({ runs }) => (runs.length ? <Compared of={runs} /> : <None />)}</Waits>;
}

/** What says the same stays the same thing, so that what was drawn of it may stay. */
function useSame<T>(value: T): T {
  const held = useRef(value);
  if (JSON.stringify(held.current) !== JSON.stringify(value)) held.current = value;
  return held.current;
}

interface Names {
  params: string[];
  metrics: string[];
}

/** Names by how many runs have them: what most runs lack is shown when it is asked for. */
const common = (of: Record<string, number>): string[] => Object.entries(of).sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).map(([name]) => name);

/** Nothing fits: the conditions together, since a name in them that no run has is refused. */
function None() {
  return (
    <NoneFit title="No run fits" every="Show every run" clear={showAll}>
      All conditions hold together: each run is missed by at least one of them.
    </NoneFit>
  );
}

const showAll = () => ask({ where: [] }, false);

function namesOf(rows: RunRow[]): Names {
  const params: Record<string, number> = {}, metrics: Record<string, number> = {};
  for (const row of rows) {
    for (const name of Object.keys(row.params)) params[name] = (params[name] ?? 0) + 1;
    for (const name of Object.keys(row.metrics)) metrics[name] = (metrics[name] ?? 0) + 1;
  }
  return { params: common(params), metrics: common(metrics) };
}

function Filters({ asked, total, names, told }: { asked: Asked; total: number | null; names: Names; told: RunNames | null }) {
  const [text, setText] = useState("");
  const add = () => {
    if (text.trim()) ask({ where: [...asked.where, text.trim()] }, false);
    setText("");
  };
  return (
    <>
      <div class="filters">
        <input type="search" aria-label="Add a condition" placeholder="loss<0.5, model=boosting, name~trial, name=~^trial [0-9]$" list="known-names" value={text} onInput={(e) => setText(e.currentTarget.value)} onKeyDown={(e) => e.key === "Enter" && add()} />
        <datalist id="known-names">{[...Object.entries(told?.values ?? {}).flatMap(([n, held]) => Object.keys(held).map((v) => `${n}=${v}`)), ...names.params.map((n) => `${n}=`), ...names.metrics.map((n) => `metric:${n}<`)].map((n) => <option key={n} value={n} />)}</datalist>
        <button type="button" onClick={add}>Filter</button>
        <Views asked={asked} />
        {total !== null && <span class="muted" role="status">{counted(total, "run")}</span>}
      </div>
      {asked.where.length > 0 && (
        <p class="chosen">
          {asked.where.map((w) => <span key={w} class="chip on" title={w}>{readable(w)}<button type="button" class="quiet" aria-label={`Remove the condition ${w}`} onClick={() => ask({ where: asked.where.filter((o) => o !== w) }, false)}>×</button></span>)}
        </p>
      )}
      <details class="choices">
        <summary>Columns, values and groups</summary>
        {told && <Facets asked={asked} of={told} />}
        <Chips label="Settings" hint={told ? `columns; on how many of ${counted(told.total, "run")}` : "columns"} counts={told?.settings} of={names.params} chosen={asked.columns} choose={(columns) => ask({ columns })} />
        <Chips label="Metrics" hint="columns; their last values" counts={told?.metrics} of={names.metrics} chosen={asked.columns} choose={(columns) => ask({ columns })} />
        <Chips label="Group by" hint="mean, interval and n over every run that fits" of={names.params} chosen={asked.by} choose={(by) => ask({ by })} />
      </details>
    </>
  );
}

/** Values of which there are few, with the runs that have them: several of one name are one condition. */
function Facets({ asked, of }: { asked: Asked; of: RunNames }) {
  return (
    <>
      {Object.entries(of.values).map(([name, held]) => {
        const mine = asked.where.find((w) => valuesOf(name, w) !== null);
        const chosen = mine === undefined ? [] : (valuesOf(name, mine) ?? []);
        const all = [...Object.keys(held), ...chosen.filter((v) => !(v in held))];
        if (all.length < 2 && !chosen.length) return null;
        return <Chips key={name} label={name} of={all} counts={held} chosen={chosen} choose={(values) => ask({ where: [...asked.where.filter((w) => w !== mine), ...conditionOf(name, values)] }, false)} />;
      })}
    </>
  );
}

const SHOWN = 3, SIDE = 1000;

function Table({ asked, first, names }: { asked: Asked; first: RunPage; names: Names }) {
  const pages = usePages<RunRow>(first.runs, first.total, (offset, limit) => getRuns<RunPage>({ where: asked.where, sort: asked.sort, offset, limit }).then((p) => p.runs));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const wanted = asked.columns.length ? asked.columns : [...names.metrics.slice(0, SHOWN), ...names.params.slice(0, SHOWN)];
  const flip = (row: RunRow) => {
    const next = new Set(chosen);
    if (!next.delete(row.id)) next.add(row.id);
    setChosen(next);
  };
  const columns: GridColumn<RunRow>[] = [
    { key: "mark", title: "", width: "2.2rem", cell: (r) => <input type="checkbox" aria-label={`Choose ${r.name || r.id}`} checked={chosen.has(r.id)} onChange={() => flip(r)} /> },
    { key: "name", title: "Run", width: "minmax(11rem, 1.6fr)", sort: "name", cell: (r) => <a href={toRun(r.id)} title={r.id}>{r.name || r.id}</a> },
    { key: "state", title: "State", width: "7rem", sort: "state", cell: (r) => <State of={r.state} /> },
    { key: "started", title: "Started", width: "9.2rem", sort: "started", cell: (r) => <span class="date">{moment(r.started)}</span> },
    { key: "seconds", title: "Took", width: "5.5rem", sort: "seconds", numeric: true, cell: (r) => seconds(r.seconds) },
    { key: "seed", title: "Seed", width: "4.5rem", sort: "seed", numeric: true, cell: (r) => r.seed ?? "–" },
    ...wanted.map((name): GridColumn<RunRow> => {
      const metric = names.metrics.includes(name) && !names.params.includes(name);
      return {
        key: name, title: name, width: "minmax(6.5rem, 1fr)", numeric: metric, sort: metric ? `metric:${name}` : `param:${name}`,
        cell: (r) => (metric ? (r.metrics[name] ? plain(numbered(r.metrics[name].last)) : "–") : shown(r.params[name])),
      };
    }),
  ];
  const ids = [...chosen];
  return (
    <>
      <Grid label="Runs" idOf={(r) => r.id} total={first.total} rowAt={pages.rowAt} need={pages.need} columns={columns} sort={asked.sort} order={(sort) => ask({ sort }, false)} open={(r) => go(toRun(r.id))} mark={flip} />
      {pages.wrong && <Problem of={pages.wrong} />}
      <p class="go">
        <button type="button" disabled={!ids.length || ids.length > SIDE} onClick={() => compare(ids)}>Compare {ids.length || ""} chosen</button>
        {ids.length > SIDE && <span class="amiss">At most {count(SIDE)} runs stand side by side.</span>}
        <button type="button" class="quiet" disabled={!first.total} onClick={() => ask({ side: "by-side" }, false)}>Compare the first {count(Math.min(SIDE, first.total))} that fit</button>
        <span class="note"><kbd>j</kbd> <kbd>k</kbd> move, <kbd>x</kbd> chooses, <kbd>Enter</kbd> opens, <kbd>#</kbd> goes to a row</span>
      </p>
    </>
  );
}

/** The address names them all, so that it shows the same to whoever opens it. */
function compare(ids: string[]): void {
  go(`/runs?${new URLSearchParams(ids.map((id) => ["run", id]))}`);
}

function Groups({ asked, names, turn }: { asked: Asked; names: Names; turn: number }) {
  const metrics = asked.metric.length ? asked.metric : names.metrics.slice(0, 1);
  const [level] = useKept("level", 0.95);
  const key = JSON.stringify([asked.where, asked.by, metrics, level, turn]);
  const found = useLoaded(key, async () => (metrics.length ? getRunsGroups<{ groups: RunGroup[] }>({ metric: metrics, by: asked.by, where: asked.where, level }) : { groups: [] }));
  return (
    <Card title={`By ${asked.by.join(", ")}`} more={<Chips label="Metrics of groups" of={names.metrics} chosen={metrics} choose={(metric) => ask({ metric })} />}>
      <Waits on={found}>{({ groups }) => (metrics.length ? <>{metrics.map((m) => <GroupChart key={m} metric={m} of={groups} />)}</> : <p class="muted">No run that fits has a metric.</p>)}</Waits>
    </Card>
  );
}
