// What the API answers, as far as the page reads it.

export interface Session {
  name: string;
  may: string[];
  /** Whether it is a user by their password, not the key of this machine. */
  user: boolean;
}

export interface Milestone {
  date: string;
  what: string;
}

/** A milestone, with who said when that it is done; both are empty while it is open. */
export interface DatedStep extends Milestone {
  done_by: string;
  done_at: string;
  note: string;
}

export interface PlanBrief {
  name: string;
  question: string;
  owner: string;
  risk_tier: string;
  state: string;
  version: number;
  digest: string;
  frozen_at: string;
  frozen_by: string;
  evidence: string | null;
  judged_at: string | null;
  /** Of the newest evidence: who judged it, and what each person last said of it. */
  judged_by: string[];
  reviews: Review[];
  milestones: DatedStep[];
  /** Why the version that holds departs from the one before; empty for a first version. */
  deviation: string;
  /** Planned looks, 0 for any number; and how often the version that holds was judged. */
  looks: number;
  readings: number;
}

export interface Claim {
  name: string;
  metric: string;
  kind: "better" | "not_worse" | "equivalent" | "at_least" | "at_most";
  about: "model" | "method";
  margin: number | null;
  threshold: number | null;
  minimal_effect: number | null;
  sd: number | null;
  guardrail: boolean;
  primary: boolean;
  slice: Record<string, unknown>;
  candidate: string;
}

export interface ModelSpec {
  name: string;
  file: string;
  score: string;
  digest: string;
  why: string;
  deterministic: boolean;
}

export interface PlanContent {
  name: string;
  question: string;
  hypothesis: string;
  user_impact: string;
  product_kpi: string;
  owner: string;
  risk_tier: string;
  change_my_mind: string;
  deviation: string;
  version: number;
  level: number;
  power: number;
  seed: number;
  seeds: number;
  decide: string;
  missing: string;
  policy: string;
  milestones: Milestone[];
  stop_rules: string[];
  claims: Claim[];
  guardrails: Claim[];
  baseline: ModelSpec;
  candidates: ModelSpec[];
  ablations: { name: string; removes?: string; model: ModelSpec | null }[];
  looks: { planned: number; kind: string; spending: string; units: number | null; at: number[] };
  reuse: { candidates: number; release: string };
  data: {
    name: string;
    population: string;
    split: string;
    unit: string;
    id: string[];
    target: string;
    seed: string;
    slices: string[];
    time: string;
  };
}

export interface PlanVersion {
  version: number;
  digest: string;
  parent: string | null;
  reason: string | null;
  frozen_at: string;
  frozen_by: string;
  /** What it has other than the version before. */
  changed: string[];
}

export interface JudgedOnce {
  id: string;
  plan: string;
  recommendation: string;
  created_at: string;
  judged_by: string[];
  reviews: Review[];
}

export interface Review {
  by: string;
  opinion: "approve" | "object";
  why: string;
  at: string;
  /** Whether whoever says it has judged the evidence. */
  own: boolean;
}

export interface Reviews {
  evidence: string;
  judged_by: string[];
  reviews: Review[];
  /** Whether the lab has users, so that who judged may not review. */
  team: boolean;
}

export interface PlanDetails extends PlanBrief {
  plan: PlanContent;
  versions: PlanVersion[];
  judged: JudgedOnce[];
  /** Files that it names, and whether the lab has kept them. */
  files: { name: string; digest: string; kept: boolean }[];
}

export interface EstimateBrief {
  value: number | null;
  interval: [number, number] | null;
  level: number;
  method: string;
  undefined: string | null;
}

export interface Difference extends EstimateBrief {
  decision_interval: [number, number] | null;
  decision_level: number;
  p_value: number | null;
  reason: string;
  inside_domain: boolean;
  domain: string;
  diagnostics: Record<string, unknown>;
}

export interface Comparison {
  metric: { name: string; direction: "higher" | "lower" | "none"; label?: string; parameters: Record<string, unknown> };
  slice: Record<string, unknown>;
  baseline_name: string;
  candidate_name: string;
  alignment: { rows: number; units: number; effective_units: number };
  baseline: EstimateBrief;
  candidate: EstimateBrief;
  difference: Difference;
}

export type Status = "supported" | "refuted" | "inconclusive" | "invalid";

export interface Verdict {
  claim: string;
  candidate: string;
  status: Status;
  reason: string;
  comparison: Comparison | null;
  units_needed: number | null;
}

export interface Recommendation {
  candidate: string;
  action: "adopt" | "iterate" | "stop" | "hold";
  why: string;
  verdicts: Verdict[];
}

export interface Look {
  look: number;
  planned: number;
  candidates_read: number;
  candidates_allowed: number;
  alpha: number;
}

export interface Flip {
  key: Record<string, unknown>;
  target: unknown;
  baseline: unknown;
  candidate: unknown;
}

/** A few rows that one candidate won and lost; `notes` says by which metric, and of how many. */
export interface Examples {
  candidate: string;
  won: Flip[];
  lost: Flip[];
  notes: { by?: string; won?: number; lost?: number; reads?: string };
}

export interface InputFile {
  name: string;
  digest: string;
  rows: number;
}

export interface Evidence {
  id: string;
  plan: PlanContent;
  judgement: {
    recommendations: Recommendation[];
    slices: Comparison[];
    comparisons: Comparison[];
    look: Look;
    warnings: string[];
  };
  memo: Document;
  inputs: InputFile[];
  examples: Examples[];
  notes: Record<string, unknown>;
  runs: Origin[];
  reviews: Reviews;
}

/** A run whose predictions were judged, with name and digest of what it read. */
export interface Origin {
  model: string;
  seed: string;
  run: string;
  name: string;
  state: string;
  data: [string, string][];
}

export interface Coverage {
  complete: boolean;
  cells: { model: string; role: string; seed: string; state: string; source: string; why: string }[];
  notes: string[];
}

export interface LineagePage {
  lineage: { nodes: { kind: string; id: string; name: string }[] };
  page: Document;
}

export type Tone = "good" | "bad" | "unsure" | "muted" | "info";
export type Piece =
  | string
  | { type: "span"; text: string; style: "strong" | "code" | "muted" | "sub" }
  | { type: "badge"; text: string; tone: Tone }
  | { type: "link"; text: string; path: string };
export type Inline = Piece | Piece[];

export interface TableBlock {
  type: "table";
  columns: { title: string; numeric: boolean }[];
  rows: Inline[][];
  caption: string;
  notes: string[];
}

export interface FigureBlock {
  type: "figure";
  title: string;
  description: string;
  table: TableBlock;
  svg: string;
  narrow: string;
}

export type Block =
  | { type: "heading"; text: string; level: 2 | 3 }
  | { type: "paragraph"; text: Inline; lead: boolean }
  | { type: "banner"; tone: Tone; word: string; subject: string; why: string }
  | { type: "callout"; severity: Tone; title: string; text: Inline }
  | TableBlock
  | FigureBlock
  | { type: "facts"; items: [string, Inline][] }
  | { type: "items"; items: Inline[] }
  | { type: "details"; summary: string; blocks: Block[] };

export interface Document {
  title: string;
  blocks: Block[];
}

export interface Compared {
  comparison: {
    comparisons: Comparison[];
    inputs: InputFile[];
    warnings: string[];
    examples?: Examples[];
    seed: number;
  };
  page: Document;
}

export interface MetricSaid {
  name: string;
  reads: string;
  direction: string;
  summary: string;
}

export interface LedgerEntry {
  position: number;
  writer: string;
  seq: number;
  hash: string;
  prev: string;
  kind: string;
  time: string;
  payload: unknown;
  said: string;
}

/** What runs that fit can be chosen, grouped and shown by, with how many of them have it. */
export interface RunNames {
  total: number;
  settings: Record<string, number>;
  metrics: Record<string, number>;
  values: Record<string, Record<string, number>>;
}

export interface DataVersion {
  name: string;
  version: number;
  digest: string;
  path: string;
  files: number;
  bytes: number;
}

/** What is no number in JSON comes as text. */
export type Num = number | "nan" | "inf" | "-inf" | null;

export interface RunRow {
  id: string;
  name: string;
  state: string;
  experiment: string;
  started: number;
  seconds: number | null;
  seed: number | null;
  user: string;
  host: string;
  command: string;
  faults: string[];
  params: Record<string, unknown>;
  metrics: Record<string, { count: number; last: Num; low: number | null; high: number | null; odd: number }>;
}

export interface RunPage {
  runs: RunRow[];
  total: number;
  offset: number;
  next: string | null;
}

export interface SeedMean {
  count: number;
  mean: number | null;
  deviation: number | null;
  interval: [number, number] | null;
  note: string;
  /** Finished runs without such a value. */
  lacking: number;
}

/** `count` runs finished; the others fit too and are in no mean, by why. */
export interface RunGroup {
  count: number;
  others: Record<string, number>;
  settings: Record<string, unknown>;
  runs: string[];
  metrics: Record<string, SeedMean>;
}

export interface SeriesKey {
  name: string;
  kind: string;
  rank: number;
  worker: number;
}

export interface Series {
  key: SeriesKey;
  count: number;
  steps: number[];
  values: Num[];
}

/** What is no number: its content is null where it is asked for apart, by its place. */
export interface Logged {
  key: SeriesKey;
  step: number;
  place: number;
  content: unknown;
}

export interface RunShown {
  folder: string;
  state: string;
  start: { id: string; name: string; experiment: string; seed: number | null; command: string | string[]; started: number; user: string; host: string };
  end: { state: string; seconds: number | null; error: string; exit_code: number | null } | null;
  config: Record<string, unknown>;
  series: Series[];
  other: Logged[];
  notes: { what: string; content: Record<string, unknown> }[];
  code: Record<string, unknown>;
  environment: Record<string, unknown>;
  faults: string[];
}

export interface RunDifference {
  part: string;
  name: string;
  first: unknown;
  second: unknown;
}

export interface View {
  name: string;
  owner: string;
  where: string[];
  sort: string;
  columns: string[];
  by: string[];
  metric: string[];
}
