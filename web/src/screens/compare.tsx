// Drop two files of predictions, get the page: the first minute of a new user.

import { useEffect, useState } from "preact/hooks";
import { getCatalogueMetrics, postCompare, postCompareColumns, type Started } from "../api/client";
import type { Compared, Comparison, FigureBlock, MetricSaid } from "../api/types";
import { finished, type Wrong } from "../lib/http";
import { useLoaded, wrongOf } from "../lib/load";
import { counted, percent } from "../lib/format";
import { Blocks, section, figureOf } from "../ui/blocks";
import { Chart } from "../ui/chart";
import { Chips, Many, Pick } from "../ui/choose";
import { Card, Command, Page, Problem, Progress } from "../ui/common";
import { Drop, type Kept } from "../ui/drop";
import { Flips } from "../ui/flips";
import { Axis, deciding, figures, reading, rowOf, scaleOf, Strip } from "../ui/forest";
import { Badge } from "../ui/mark";
import { metricWords, Slices } from "../ui/slices";
import { useMay } from "../ui/who";

interface Held {
  rows: number;
  columns: Record<string, string>;
}

interface Roles {
  on: string[];
  target: string;
  score: string;
  unit: string;
  slices: string[];
  metrics: string[];
}

const NOTHING: Roles = { on: [], target: "", score: "", unit: "", slices: [], metrics: [] };

export function CompareScreen() {
  const may = useMay("write");
  const [base, setBase] = useState<Kept[]>([]);
  const [candidates, setCandidates] = useState<Kept[]>([]);
  const [held, setHeld] = useState<Record<string, Held>>({});
  const [roles, setRoles] = useState<Roles>(NOTHING);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [step, setStep] = useState("");
  const [found, setFound] = useState<Compared | null>(null);
  const metrics = useLoaded("metrics", () => getCatalogueMetrics<{ metrics: MetricSaid[] }>());
  const files = distinct([...base, ...candidates]);
  const ready = base.length > 0 && candidates.length > 0;

  useEffect(() => {
    setFound(null);
    setWrong(null);
    if (!ready) return;
    postCompareColumns<{ files: Record<string, Held> }>({ files: byName(files) }).then(({ files: said }) => {
      setHeld(said);
      setRoles(suggested(shared(said)));
    }, (error) => setWrong(wrongOf(error)));
  }, [files.map((f) => f.digest).join()]);

  const run = async () => {
    setWrong(null);
    setFound(null);
    setStep("reading");
    try {
      const { on, target, score, unit, slices, metrics: asked } = roles;
      const options = { on, target, metrics: asked, slices, ...(score && { score }), ...(unit && { unit }) };
      const { job } = await postCompare<Started>({ files: byName(files), order: files.map((f) => f.name), options, page: true });
      setFound(await finished<Compared>(job, (s) => setStep(s.step)));
    } catch (error) {
      setWrong(wrongOf(error));
    }
    setStep("");
  };

  const columns = Object.keys(shared(held));
  const taken = new Set([...roles.on, roles.target, roles.score]);
  return (
    <Page title="Compare" lead="Drop the predictions of two models on the same rows. Rows are paired by their key, never by their order.">
      {!may && <div class="callout info" role="note"><p>You may read this lab; comparing needs the role of a scientist.</p></div>}
      <div class="drops">
        <Drop label="Baseline" hint="CSV, Parquet or JSON lines: drop it here, or choose" kept={base} done={setBase} />
        <Drop label="Candidate" hint="one file, or several candidates at once" multiple kept={candidates} done={setCandidates} />
      </div>
      {wrong && <Problem of={wrong} />}
      {ready && columns.length > 0 && (
        <Card title="What the columns mean" more={<span class="muted">{Object.values(held).map((h) => counted(h.rows, "row")).join(" · ")}</span>}>
          <div class="fields">
            <Chips label="Key" hint="names a row in every file" of={columns.filter((c) => roles.on.includes(c) || !taken.has(c))} chosen={roles.on} choose={(on) => setRoles({ ...roles, on })} />
            <div class="row">
              <Pick label="Truth" of={columns} none="choose" value={roles.target} choose={(target) => setRoles({ ...roles, target })} />
              <Pick label="Prediction" of={columns} none="choose" value={roles.score} choose={(score) => setRoles({ ...roles, score })} />
              <Pick label="Unit" of={columns} none="each row" value={roles.unit} choose={(unit) => setRoles({ ...roles, unit })} hint="what was sampled: user, day, document" />
            </div>
            <Many label="Metrics" placeholder="write or choose, then Enter" of={(metrics.value?.metrics ?? []).map((m) => ({ name: m.name, said: m.summary }))} chosen={roles.metrics} choose={(asked) => setRoles({ ...roles, metrics: asked })} />
            <Chips label="Slices" hint="shown separately, worst first" of={columns.filter((c) => !taken.has(c))} chosen={roles.slices} choose={(slices) => setRoles({ ...roles, slices })} />
          </div>
          <p class="go">
            <button type="button" class="primary" onClick={run} disabled={!may || step !== "" || !roles.metrics.length || !roles.target}>Compare</button>
            {step && <Progress step={step} share={null} />}
          </p>
          <Command text={commandOf(files, roles)} />
        </Card>
      )}
      {found && <Result of={found} roles={roles} />}
      {!ready && <p class="note">Nothing is judged here: without a plan written down before, the numbers are for exploring. <a href="/plans?draft=new">Draft a plan</a> for a decision.</p>}
    </Page>
  );
}

function Result({ of, roles }: { of: Compared; roles: Roles }) {
  const all = of.comparison.comparisons, blocks = of.page.blocks;
  const whole = all.filter((c) => !Object.keys(c.slice).length);
  const sliced = all.filter((c) => Object.keys(c.slice).length);
  const drawn = section(blocks, "Slices").filter((b): b is FigureBlock => b.type === "figure");
  const first = whole[0] ?? all[0];
  return (
    <div class="result">
      <h2 class="result-title">{of.page.title}</h2>
      <Blocks of={blocks.filter((b, i) => i === 0 && b.type === "callout")} />
      <Card title="All data"><Readouts of={whole} picture={figureOf(blocks)?.svg} /></Card>
      {sliced.length > 0 && <Card title="Slices"><Slices of={sliced} unit={roles.unit} figures={drawn} /></Card>}
      {section(blocks, "Curves").length > 0 && <Card title="Curves"><Blocks of={section(blocks, "Curves")} /></Card>}
      {(of.comparison.won?.length || of.comparison.lost?.length) ? (
        <Card title="Examples"><Flips won={of.comparison.won ?? []} lost={of.comparison.lost ?? []} baseline={first?.baseline_name ?? ""} candidate={first?.candidate_name ?? ""} /></Card>
      ) : null}
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

/** What names suggest; nothing is compared before the reader has seen it. */
function suggested(columns: Record<string, string>): Roles {
  const names = Object.keys(columns);
  const find = (form: RegExp, not: string[] = []) => names.find((n) => form.test(n) && !not.includes(n)) ?? "";
  const target = find(/^(y|target|label|truth|actual|outcome|y_true)$/i);
  const score = find(/^(p|score|prob\w*|pred\w*|y_pred|y_hat|yhat|output)$/i) || find(/^(p_|prob_|pred_|score_)/i);
  const id = find(/^(id|key|row_?id|example_?id|index)$/i, [target, score]) || find(/(^|_)id$/i, [target, score]);
  const numeric = /double|float|real|number|decimal/i.test(columns[score] ?? "");
  return { ...NOTHING, on: id ? [id] : [], target, score, metrics: target && score ? (numeric ? ["log_loss", "auc"] : ["accuracy"]) : [] };
}

function commandOf(files: Kept[], roles: Roles): string {
  const some = (flag: string, values: string[]) => values.filter(Boolean).map((v) => ` --${flag} ${quoted(v)}`).join("");
  return `assay compare ${files.map((f) => quoted(f.name)).join(" ")}${some("on", roles.on)}${some("target", [roles.target])}${some("score", [roles.score])}${some("unit", [roles.unit])}${some("metric", roles.metrics)}${some("slice", roles.slices)}`;
}

const quoted = (text: string): string => (/^[\w./@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
