// What the columns of two files mean, and how they are read: suggested by their names, changed by the reader.

import type { MetricSaid } from "../api/types";
import { Amount, Chips, Many, Pick } from "../ui/choose";
import { quoted, shown } from "../lib/format";
import type { Wrong } from "../lib/http";

export interface Held {
  rows: number;
  columns: Record<string, string>;
  values: unknown[];
}

export interface Roles {
  on: string[];
  target: string;
  score: string;
  unit: string;
  seeds: string;
  slices: string[];
  metrics: string[];
  positive: unknown;
  threshold: number | null;
  missing: string;
  level: number | null;
  seed: number | null;
}

export const NOTHING: Roles = { on: [], target: "", score: "", unit: "", seeds: "", slices: [], metrics: [], positive: null, threshold: null, missing: "refuse", level: null, seed: null };

const MISSING = ["refuse", "exclude", "failure", "bounds"];
const NUMBER = /double|float|real|number|decimal/i;

/** Options as the verb takes them; what nobody chose is left to it. */
export function optionsOf(roles: Roles): Record<string, unknown> {
  const { on, target, score, unit, seeds, slices, metrics, positive, threshold, missing, level, seed } = roles;
  return {
    on, target, metrics, slices, examples: true,
    ...(score && { score }), ...(unit && { unit }), ...(seeds && { seed_column: seeds }),
    ...(positive !== null && { positive }), ...(threshold !== null && { threshold }),
    ...(missing !== "refuse" && { missing }), ...(level !== null && { level }), ...(seed !== null && { seed }),
  };
}

export function commandOf(files: { name: string }[], roles: Roles): string {
  const some = (flag: string, values: unknown[]) => values.filter((v) => v !== "" && v !== null).map((v) => ` --${flag} ${quoted(String(v))}`).join("");
  return [
    `assay compare ${files.map((f) => quoted(f.name)).join(" ")}`, some("on", roles.on), some("target", [roles.target]), some("score", [roles.score]),
    some("unit", [roles.unit]), some("seed-column", [roles.seeds]), some("metric", roles.metrics), some("slice", roles.slices), some("positive", [roles.positive]),
    some("threshold", [roles.threshold]), some("missing", [roles.missing === "refuse" ? "" : roles.missing]), some("level", [roles.level]), some("seed", [roles.seed]),
    " --examples",
  ].join("");
}

/** What names suggest; nothing is compared before the reader has seen it. */
export function suggested(columns: Record<string, string>): Roles {
  const names = Object.keys(columns);
  const find = (form: RegExp, not: string[] = []) => names.find((n) => form.test(n) && !not.includes(n)) ?? "";
  const score = find(/^(p|score|prob\w*|pred\w*|y_pred|y_hat|yhat|output)$/i) || find(/^(p_|prob_|pred_|score_)/i);
  // Of `p_late` the truth is `late`, where there is such a column.
  const target = find(/^(y|target|label|truth|actual|outcome|y_true)$/i) || find(new RegExp(`^${score.replace(/^[a-z]+_/i, "").replace(/\W/g, ".")}$`, "i"), [score]);
  const id = find(/^(id|key|row_?id|example_?id|index)$/i, [target, score]) || find(/(^|_)id$/i, [target, score]);
  const seeds = find(/^(train(ing)?_?)?seeds?$/i, [target, score, id]);
  const numeric = NUMBER.test(columns[score] ?? "");
  return { ...NOTHING, on: id ? [id] : [], target, score, seeds, metrics: target && score ? (numeric ? ["log_loss", "auc"] : ["accuracy"]) : [] };
}

/** Of two classes the one that a name or a habit says; 0 and 1 need nobody's word. */
export function positiveOf(values: unknown[]): unknown {
  if (values.length !== 2 || values.every((v) => v === 0 || v === 1 || typeof v === "boolean")) return null;
  return values.find((v) => /^(1|yes|y|true|t|pos|positive|bad|spam|fraud|sick|late|churn(ed)?|default|fail(ed|ure)?)$/i.test(String(v))) ?? null;
}

/** Whether a metric of classes has to cut scores somewhere. */
export function cuts(roles: Roles, kinds: Record<string, string>, metrics: MetricSaid[]): boolean {
  const base = (name: string) => name.split(/[@(]/)[0];
  const label = new Set(metrics.filter((m) => m.reads === "label").map((m) => base(m.name)));
  return NUMBER.test(kinds[roles.score] ?? "") && roles.metrics.some((m) => label.has(base(m)) && !m.includes("@"));
}

const FIELDS: [RegExp, keyof Roles][] = [
  [/--seed-column/, "seeds"], [/--positive|positive class/, "positive"], [/--threshold|threshold/, "threshold"], [/--labels/, "positive"], [/--target/, "target"], [/--score/, "score"],
  [/--on\b/, "on"], [/--unit/, "unit"], [/--slice/, "slices"], [/--metric|metric/, "metrics"], [/--missing/, "missing"], [/--level|the level/, "level"], [/--seed\b/, "seed"],
];

/** The field that an error is about: the option that its remedy names, or its words. */
export function fieldOf(wrong: Wrong | null): keyof Roles | null {
  if (!wrong) return null;
  for (const text of [wrong.fix, wrong.what, wrong.rule]) for (const [form, field] of FIELDS) if (form.test(text)) return field;
  return null;
}

export function RolesForm({ kinds, values, roles, change, metrics, wrong }: {
  kinds: Record<string, string>;
  values: unknown[];
  roles: Roles;
  change: (roles: Roles) => void;
  metrics: MetricSaid[];
  wrong: Wrong | null;
}) {
  const columns = Object.keys(kinds);
  const taken = new Set([...roles.on, roles.target, roles.score, roles.seeds]);
  const field = fieldOf(wrong);
  const at = (name: keyof Roles) => (wrong && field === name ? `${wrong.what}${wrong.fix ? `; ${wrong.fix}` : ""}` : undefined);
  const set = (part: Partial<Roles>) => change({ ...roles, ...part });
  const words = values.map(shown);
  return (
    <div class="fields">
      <Chips label="Key" hint="names a row in every file" of={columns.filter((c) => roles.on.includes(c) || !taken.has(c))} chosen={roles.on} choose={(on) => set({ on })} wrong={at("on")} />
      <div class="row">
        <Pick label="Truth" of={columns} none="choose" value={roles.target} choose={(target) => set({ target, positive: null })} wrong={at("target")} />
        <Pick label="Prediction" of={columns} none="choose" value={roles.score} choose={(score) => set({ score })} wrong={at("score")} />
        <Pick label="Unit" of={columns} none="each row" value={roles.unit} choose={(unit) => set({ unit })} hint="what was sampled: user, day, document" wrong={at("unit")} />
        <Pick label="Training seeds" of={columns} none="one artefact each" value={roles.seeds} choose={(seeds) => set({ seeds })} hint="then it is about the method" wrong={at("seeds")} />
      </div>
      <Many label="Metrics" placeholder="write or choose, then Enter" of={metrics.map((m) => ({ name: m.name, said: m.summary }))} chosen={roles.metrics} choose={(asked) => set({ metrics: asked })} wrong={at("metrics")} />
      <div class="row">
        {(words.length > 0 || roles.positive !== null || at("positive")) && <Pick label="Positive class" of={words} none={values.every((v) => v === 0 || v === 1) ? "1, as usual" : "none"} value={roles.positive === null ? "" : shown(roles.positive)} choose={(word) => set({ positive: word ? values[words.indexOf(word)] : null })} wrong={at("positive")} />}
        <Amount label="Threshold" narrow none="none" value={roles.threshold} choose={(threshold) => set({ threshold })} hint="scores at or above it are positive" wrong={at("threshold")} />
      </div>
      <Chips label="Slices" hint="shown separately, worst first" of={columns.filter((c) => roles.on.length > 1 ? ![roles.target, roles.score, roles.seeds].includes(c) : !taken.has(c))} chosen={roles.slices} choose={(slices) => set({ slices })} wrong={at("slices")} />
      <details open={["missing", "level", "seed"].includes(field ?? "") || undefined}>
        <summary>More options</summary>
        <div class="row">
          <Pick label="Rows that one model lacks" of={MISSING} value={roles.missing} choose={(missing) => set({ missing })} wrong={at("missing")} />
          <Amount label="Level of the intervals" none="0.95" value={roles.level} choose={(level) => set({ level })} wrong={at("level")} />
          <Amount label="Random seed" none="0" step="1" value={roles.seed} choose={(seed) => set({ seed })} hint="of methods that draw" wrong={at("seed")} />
        </div>
      </details>
    </div>
  );
}
