// Drop two files of predictions, get the page: the first minute of a new user.

import { useEffect, useRef, useState } from "preact/hooks";
import { getCatalogueMetrics, getJobsJob, postCompare, postCompareColumns, type Started } from "../api/client";
import type { Compared, Comparison, MetricSaid } from "../api/types";
import { finished, type Step, type Wrong } from "../lib/http";
import { useLoaded, wrongOf } from "../lib/load";
import { counted, percent } from "../lib/format";
import { ask, here, usePlace } from "../lib/router";
import { Blocks, section, figureOf } from "../ui/blocks";
import { Chart } from "../ui/chart";
import { Card, Command, Page, Problem, Progress } from "../ui/common";
import { Pick } from "../ui/choose";
import { Drop, type Kept } from "../ui/drop";
import { Flips } from "../ui/flips";
import { Axis, deciding, figures, reading, rowOf, scaleOf, Strip } from "../ui/forest";
import { Badge } from "../ui/mark";
import { metricWords, Slices } from "../ui/slices";
import { useMay } from "../ui/who";
import { commandOf, cuts, fieldOf, type Held, NOTHING, optionsOf, positiveOf, type Roles, RolesForm, suggested } from "./compare-roles";
import { fromQuery, parted, toQuery } from "./compare-state";

export function CompareScreen() {
  const may = useMay("write");
  const [start] = useState(() => fromQuery(here().query));
  // What the address says of columns holds until somebody says otherwise; then names suggest it.
  const given = useRef<Roles | null>(start.roles);
  const [base, setBase] = useState<Kept[]>(start.base);
  const [candidates, setCandidates] = useState<Kept[]>(start.candidates);
  const [held, setHeld] = useState<Record<string, Held>>({});
  const [roles, setRoles] = useState<Roles>(start.roles ?? NOTHING);
  const [job, setJob] = useState(start.job);
  const [note, setNote] = useState("");
  // What somebody has said of columns meanwhile, no suggestion undoes.
  const edits = useRef(0);
  // Files are sent at the same time: one that arrives joins those that are there by then.
  const latest = useRef({ base, candidates });
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [step, setStep] = useState<Step | null>(null);
  const [touched, setTouched] = useState(false);
  const [found, setFound] = useState<Compared | null>(null);
  const metrics = useLoaded("metrics", () => getCatalogueMetrics<{ metrics: MetricSaid[] }>());
  const files = distinct([...base, ...candidates]);
  const ready = base.length > 0 && candidates.length > 0;

  useEffect(() => {
    setFound(null);
    setWrong(null);
    if (!ready) return;
    // Files may change before the answer about those before has come.
    let current = true;
    const before = edits.current;
    postCompareColumns<{ files: Record<string, Held> }>({ files: byName(files) }).then(({ files: said }) => {
      if (!current) return;
      setHeld(said);
      if (given.current && edits.current !== before) return;
      setTouched(given.current !== null);
      if (!given.current) setRoles(suggested(shared(said)));
    }, (error) => current && setWrong(wrongOf(error)));
    return () => { current = false; };
  }, [files.map((f) => f.digest).join()]);

  // The values of the truth say what may be positive.
  const kinds = shared(held);
  const first = files[0];
  const known = useLoaded(`${first?.digest} ${roles.target} ${roles.target in kinds}`, async () => {
    if (!first || !(roles.target in kinds)) return [];
    const said = await postCompareColumns<{ files: Record<string, Held> }>({ files: byName([first]), of: roles.target });
    const values = Object.values(said.files)[0]?.values ?? [];
    if (given.current?.target !== roles.target) setRoles((r) => ({ ...r, positive: positiveOf(values) }));
    return values;
  });
  const cut = cuts(roles, kinds, metrics.value?.metrics ?? []);
  useEffect(() => {
    if (!touched) setRoles((r) => ({ ...r, threshold: cut ? 0.5 : null }));
  }, [cut, touched]);
  useEffect(() => {
    if (start.job) void show(start.job, () => setJob(""));
  }, []);
  useEffect(() => ask(toQuery({ base, candidates, roles: ready ? roles : null, job })), [base, candidates, roles, job]);
  const place = usePlace();
  useEffect(() => {
    if (place.path === "/compare" && !place.query.toString() && files.length) take([], []);
  }, [place]);

  /** Other files: what their columns mean is suggested anew, and nothing is found of them yet. */
  const take = (first: Kept[], others: Kept[], said = "", known: Roles | null = null) => {
    latest.current = { base: first, candidates: others };
    given.current = known;
    setBase(first);
    setCandidates(others);
    setJob("");
    setNote(said);
  };
  const dropped = (on: "baseline" | "candidate", more: Kept[]) => {
    const { base, candidates } = latest.current;
    if (more.length > 1 && (on === "baseline" || !base.length)) {
      const both = parted(more);
      if (both) take([both.base], [...candidates, ...both.candidates], `${both.base.name} is taken for the baseline, ${both.why}; ${both.candidates.map((f) => f.name).join(", ")} for ${both.candidates.length > 1 ? "candidates" : "the candidate"}.`);
    } else if (on === "baseline") take(more, candidates);
    else take(base, more);
  };
  // The same files in other places have the same columns, once these are known.
  const chosen = roles.on.length || roles.target || roles.score ? roles : null;
  const change = (next: Roles) => {
    edits.current += 1;
    if (next.target !== roles.target) given.current = null;
    if (next.threshold !== roles.threshold) setTouched(true);
    setWrong(null);
    setRoles(next);
  };

  const lacking = [!roles.on.length && "a key", !roles.target && "the truth", !roles.metrics.length && "a metric"].filter(Boolean);
  const run = async () => {
    setWrong(null);
    setFound(null);
    try {
      const begun = await postCompare<Started>({ files: byName(files), order: files.map((f) => f.name), options: optionsOf(roles), page: true });
      setJob(begun.job);
      await show(begun.job);
    } catch (error) {
      setWrong(wrongOf(error));
    }
  };
  /** What came of a job, or comes: jobs are remembered for a while, and the address names the last one. */
  const show = async (of: string, gone?: () => void) => {
    setStep({ step: "waiting", total: null, done: 0 });
    try {
      if (gone) await getJobsJob(of);
      setFound(await finished<Compared>(of, setStep));
    } catch (error) {
      if (gone) gone();
      else setWrong(wrongOf(error));
    }
    setStep(null);
  };

  return (
    <Page title="Compare" lead="Drop the predictions of two models on the same rows. Rows are paired by their key, never by their order.">
      {!may && <div class="callout info" role="note"><p>You may read this lab; comparing needs the role of a scientist.</p></div>}
      <div class="drops">
        <Drop label="Baseline" hint="CSV, Parquet or JSON lines: drop it here, or both files at once" kept={base} done={(more) => dropped("baseline", more)} />
        <Drop label="Candidate" hint="one file, or several candidates at once" kept={candidates} done={(more) => dropped("candidate", more)} />
      </div>
      {(note || ready) && (
        <p class="note">
          <span role="status">{note} </span>
          {ready && candidates.length === 1 && <button type="button" class="quiet" onClick={() => take(candidates, base, "", chosen)}>Swap baseline and candidate</button>}
          {ready && candidates.length > 1 && <Pick label="The baseline is" of={files.map((f) => f.name)} value={files[0]?.name ?? ""} choose={(name) => take(files.filter((f) => f.name === name), files.filter((f) => f.name !== name), "", chosen)} />}
        </p>
      )}
      {wrong && (!ready || !fieldOf(wrong)) && <Problem of={wrong} />}
      {ready && files.every((f) => f.name in held) && !Object.keys(kinds).length && (
        <div class="callout bad" role="alert">
          <p class="title"><strong>The files have no column in common</strong></p>
          <p>Rows are paired by a key that every file has, and told by the same truth.</p>
          {Object.entries(held).map(([name, h]) => <p key={name}>{name} has <code>{Object.keys(h.columns).slice(0, 12).join(", ")}</code></p>)}
        </div>
      )}
      {ready && Object.keys(kinds).length > 0 && (
        <Card title="What the columns mean" more={<span class="muted">{Object.values(held).map((h) => counted(h.rows, "row")).join(" · ")}</span>}>
          <RolesForm kinds={kinds} values={known.value ?? []} roles={roles} change={change} metrics={metrics.value?.metrics ?? []} wrong={wrong} />
          <p class="go">
            <button type="button" class="primary" onClick={run} disabled={!may || step !== null || lacking.length > 0}>Compare</button>
            {may && lacking.length > 0 && <span class="note">{`First choose ${lacking.join(", ")}.`}</span>}
            {step && <Progress step={step.step} of={step} />}
          </p>
          <Command text={commandOf(files, roles)} />
        </Card>
      )}
      {found && <Result of={found} roles={roles} />}
      {!base.length && !candidates.length && (
        <>
          <p class="muted">A file has a row for each thing that was predicted: its key, the truth, and what the model says.</p>
          <pre class="sample">{"id,label,score\n1,0,0.12\n2,1,0.87"}</pre>
        </>
      )}
      {!ready && base.length + candidates.length > 0 && <p class="muted" role="status">Now the {base.length ? "candidate" : "baseline"}.</p>}
      {!ready && <p class="note">Nothing is judged here: without a plan written down before, the numbers are for exploring. <a href="/plans?draft=new">Draft a plan</a> for a decision.</p>}
    </Page>
  );
}

function Result({ of, roles }: { of: Compared; roles: Roles }) {
  const all = of.comparison.comparisons, blocks = of.page.blocks;
  const whole = all.filter((c) => !Object.keys(c.slice).length);
  const sliced = all.filter((c) => Object.keys(c.slice).length);
  const first = whole[0] ?? all[0];
  return (
    <div class="result">
      <h2 class="result-title">{of.page.title}</h2>
      <Blocks of={blocks.slice(0, blocks.findIndex((b) => b.type !== "callout"))} />
      <Card title="All data"><Readouts of={whole} picture={figureOf(blocks)?.svg} /></Card>
      {sliced.length > 0 && <Card title="Slices"><Slices of={sliced} unit={roles.unit} /></Card>}
      {section(blocks, "Curves").length > 0 && <Card title="Curves"><Blocks of={section(blocks, "Curves")} /></Card>}
      {of.comparison.examples && <Card title="Examples"><Flips of={of.comparison.examples} baseline={first?.baseline_name ?? ""} /></Card>}
      <Card title="Method"><Blocks of={section(blocks, "How it was measured")} /></Card>
      <Card title="Limits"><Blocks of={section(blocks, "Limits")} /></Card>
    </div>
  );
}

function Readouts({ of, picture }: { of: Comparison[]; picture?: string }) {
  const rows = of.map((c) => [c.candidate_name, metricWords(c), c.alignment.rows, c.alignment.units, c.baseline.value, c.candidate.value, c.difference.value, deciding(c)?.[0], deciding(c)?.[1], reading(c)[1]]);
  return (
    <Chart title="Differences with their intervals" head={["candidate", "metric", "rows", "units", "baseline", "candidate value", "difference", "low", "high", "reading"]} rows={rows} picture={picture}>
      <ol class="claims">
        {of.map((c) => {
          const row = rowOf(c), [tone, word] = reading(c), scale = scaleOf([row], [0], c.metric.direction === "lower");
          const [point, ...rest] = figures(c).split(" ");
          return (
            <li key={c.candidate_name + metricWords(c)} class={`claim ${tone}`}>
              <div class="claim-name"><strong>{metricWords(c)}</strong><span class="sub">{c.candidate_name} against {c.baseline_name}, {c.metric.direction} is better</span><Badge tone={tone}>{word}</Badge></div>
              <div class="claim-plot"><Strip row={row} scale={scale} height={40} /><Axis scale={scale} ends={["baseline better", "candidate better"]} /></div>
              <div class="claim-numbers">
                <p class="figure">{point}</p>
                <p class="bounds">{rest.join(" ")} <span class="muted">{percent(c.difference.decision_level ?? c.difference.level)}</span></p>
                <p class="muted">{counted(c.alignment.rows, "row")}, {counted(c.alignment.units, "unit")}</p>
              </div>
              {(c.difference.undefined || !c.difference.inside_domain) && <p class="reason">{c.difference.undefined ?? c.difference.domain}</p>}
            </li>
          );
        })}
      </ol>
    </Chart>
  );
}

function distinct(files: Kept[]): Kept[] {
  const seen = new Map<string, number>();
  return files.map((file) => {
    const n = seen.get(file.name) ?? 0;
    seen.set(file.name, n + 1);
    return n ? { ...file, name: file.name.replace(/(\.[^.]*)?$/, `-${n + 1}$1`) } : file;
  });
}

const byName = (files: Kept[]): Record<string, string> => Object.fromEntries(files.map((f) => [f.name, f.digest]));

/** Columns that every file has. */
function shared(held: Record<string, Held>): Record<string, string> {
  const [first, ...rest] = Object.values(held);
  return Object.fromEntries(Object.entries(first?.columns ?? {}).filter(([name]) => rest.every((h) => name in h.columns)));
}
