// Slices: all of them, worst first, each with its n; searched and sorted here, as a judgement holds them all.

import { useMemo, useState } from "preact/hooks";
import type { Comparison } from "../api/types";
import { count, counted, formatter, interval, percent, sliceWords } from "../lib/format";
import { Chart } from "./chart";
import { Tabs } from "./common";
import { Axis, deciding, figures, reading, rowOf, scaleOf, sign, Strip } from "./forest";
import { Badge } from "./mark";
import { ForestPicture } from "./picture";

type Order = "worst" | "slice" | "n" | "width";
const FIRST = 60;
const RANK: Record<string, number> = { "no interval": 1, "too small": 2, undefined: 3 };

export function Slices({ of, unit }: { of: Comparison[]; unit: string }) {
  const questions = useMemo(() => byQuestion(of), [of]);
  const names = [...questions.keys()];
  const [at, setAt] = useState(names[0] ?? "");
  const [wanted, setWanted] = useState("");
  const [only, setOnly] = useState("");
  const [order, setOrder] = useState<Order>("worst");
  const [all, setAll] = useState(false);
  const mine = questions.get(at) ?? [];
  const words = wanted.toLowerCase();
  const fit = mine.filter((c) => sliceWords(c.slice).toLowerCase().includes(words) && (!only || reading(c)[1] === only));
  const sorted = [...fit].sort(ORDERS[order]);
  const seen = all ? sorted : sorted.slice(0, FIRST);
  const kinds = [...new Set(mine.map((c) => reading(c)[1]))];
  const level = mine[0]?.difference.decision_level ?? mine[0]?.difference.level ?? 0.95;
  return (
    <>
      {names.length > 1 && <Tabs label="Metric" of={names} at={at} choose={setAt} />}
      <div class="filters">
        <input type="search" aria-label="Search slices" placeholder="Search slices" value={wanted} onInput={(e) => setWanted(e.currentTarget.value)} />
        <select aria-label="Order of slices" value={order} onChange={(e) => setOrder(e.currentTarget.value as Order)}>
          <option value="worst">Worst first</option>
          <option value="slice">By name</option>
          <option value="n">Most rows first</option>
          <option value="width">Least certain first</option>
        </select>
        <select aria-label="Reading of slices" value={only} onChange={(e) => setOnly(e.currentTarget.value)}>
          <option value="">Every reading</option>
          {kinds.map((k) => <option key={k} value={k}>{`${k} (${mine.filter((c) => reading(c)[1] === k).length})`}</option>)}
        </select>
        <span class="muted" role="status">{fit.length === mine.length ? counted(mine.length, "slice") : `${count(fit.length)} of ${counted(mine.length, "slice")}`}</span>
      </div>
      <Chart
        title={`Slices: ${at}`}
        head={["slice", "rows", "units", "baseline", "candidate", "difference", "low", "high", "level", "reading"]}
        rows={sorted.map(csvRow)}
        picture={sorted.length ? () => <Whole title={`Slices: ${at}`} of={sorted} unit={unit} /> : null}
        note={`Read off the ${percent(level)} interval, adjusted for how many slices there are. Too small or undefined means unknown, not unharmed.`}
      >
        <SliceRows of={seen} unit={unit} />
        {sorted.length > seen.length && <button type="button" onClick={() => setAll(true)}>Show all {count(sorted.length)}</button>}
        {!sorted.length && <p class="muted">No slice fits.</p>}
      </Chart>
    </>
  );
}

const ends = (c: Comparison | undefined): [string, string] | undefined => (c?.metric.direction === "none" ? undefined : ["baseline better", "candidate better"]);

/** Every row that the search and the order show, as one picture. */
function Whole({ title, of, unit }: { title: string; of: Comparison[]; unit: string }) {
  const rows = of.map(rowOf);
  const lines = of.map((c, i) => ({ label: sliceWords(c.slice), figures: [count(c.alignment.rows), count(c.alignment.units), figures(c), reading(c)[1]], row: rows[i]! }));
  const head = ["Slice", "rows", unit ? `units (${unit})` : "units", "difference", "reading", "Deciding interval"];
  return <ForestPicture title={title} head={head} lines={lines} scale={scaleOf(rows, [0], of[0]?.metric.direction === "lower")} zero={0} ends={ends(of[0])} />;
}

function SliceRows({ of, unit }: { of: Comparison[]; unit: string }) {
  const first = of[0];
  if (!first) return null;
  const scale = scaleOf(of.map(rowOf), [0], first.metric.direction === "lower");
  const units = unit ? `units (${unit})` : "units";
  return (
    <div class="scroll" role="group" tabIndex={0} aria-label="Slices">
      <table class="forest">
        <thead>
          <tr>
            <th scope="col">Slice</th>
            <th scope="col" class="num">n, {units}</th>
            <th scope="col" class="num">Baseline</th>
            <th scope="col" class="num">Candidate</th>
            <th scope="col" class="plot">Difference</th>
            <th scope="col" class="num">Deciding interval</th>
            <th scope="col">Reading</th>
          </tr>
        </thead>
        <tbody>
          {of.map((c) => {
            const [tone, word] = reading(c);
            const d = c.difference, bounds = deciding(c), write = formatter(bounds, d.value);
            const odd = d.undefined ?? (d.inside_domain ? "" : d.domain);
            return (
              <tr key={sliceWords(c.slice)} class={tone === "bad" ? "alarm" : ""}>
                <th scope="row">{sliceWords(c.slice)}</th>
                <td class="num">{count(c.alignment.rows)}<span class="sub">{count(c.alignment.units)}</span></td>
                <td class="num">{write(c.baseline.value)}</td>
                <td class="num">{write(c.candidate.value)}</td>
                <td class="plot"><Strip row={rowOf(c)} scale={scale} height={26} /></td>
                <td class="num">{d.value === null ? "–" : write(d.value, true)}<span class="sub">{interval(bounds, d.value)}</span></td>
                <td><Badge tone={tone}>{word}</Badge>{odd && <span class="sub" title={odd}>{brief(odd)}</span>}</td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={4} />
            <td class="plot"><Axis scale={scale} ends={ends(first)} /></td>
            <td colSpan={2} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function byQuestion(of: Comparison[]): Map<string, Comparison[]> {
  const several = new Set(of.map((c) => c.candidate_name)).size > 1;
  const found = new Map<string, Comparison[]>();
  for (const c of of) {
    const name = metricWords(c) + (several ? ` · ${c.candidate_name}` : "");
    found.set(name, [...(found.get(name) ?? []), c]);
  }
  return found;
}

export function metricWords(c: Comparison): string {
  const inside = Object.entries(c.metric.parameters).map(([k, v]) => `${k}=${String(v)}`).join(", ");
  return c.metric.name.replaceAll("_", " ") + (inside ? ` (${inside})` : "");
}

/** Why nothing can be claimed, in so many words as a cell holds. */
const brief = (odd: string): string => odd.replace(/^too small: /, "").split(/ where | \(/)[0] ?? odd;

const width = (c: Comparison): number => {
  const bounds = deciding(c);
  return bounds ? bounds[1] - bounds[0] : Infinity;
};

const ORDERS: Record<Order, (a: Comparison, b: Comparison) => number> = {
  worst: (a, b) =>
    (RANK[reading(a)[1]] ?? 0) - (RANK[reading(b)[1]] ?? 0) ||
    sign(a) * (a.difference.value ?? 0) - sign(b) * (b.difference.value ?? 0) ||
    sliceWords(a.slice).localeCompare(sliceWords(b.slice)),
  slice: (a, b) => sliceWords(a.slice).localeCompare(sliceWords(b.slice)),
  n: (a, b) => b.alignment.rows - a.alignment.rows,
  width: (a, b) => width(b) - width(a),
};

function csvRow(c: Comparison): unknown[] {
  const bounds = deciding(c), d = c.difference;
  return [
    sliceWords(c.slice), c.alignment.rows, c.alignment.units, c.baseline.value, c.candidate.value, d.value,
    bounds?.[0], bounds?.[1], d.decision_level ?? d.level, reading(c)[1],
  ];
}
