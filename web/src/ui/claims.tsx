// Claims as a readout: what was found, the interval that decides, and the verdict with its reason.

import type { Block, Claim, TableBlock, Verdict } from "../api/types";
import { formatter, interval, percent } from "../lib/format";
import { figureOf, tableOf, Text, words } from "./blocks";
import { Chart } from "./chart";
import { Axis, deciding, scaleOf, statusTone, Strip, type Row } from "./forest";
import { Badge } from "./mark";

const THRESHOLDS = ["at_least", "at_most"];

/**
 * @param blocks - the memo's blocks about the same claims: its words stand here, in the same order.
 */
export function Claims({ of, claims, blocks, title }: { of: Verdict[]; claims: Claim[]; blocks: Block[]; title: string }) {
  const table = tableOf(blocks), figure = figureOf(blocks);
  if (!of.length) return <p class="muted">{title === "Guardrails" ? "The plan names no guardrail: nothing was checked for harm." : "No claim was made."}</p>;
  return (
    <Chart
      title={title}
      head={table?.columns.map((c) => c.title) ?? []}
      rows={(table?.rows ?? []).map((row) => row.map((cell) => words(cell)))}
      picture={figure?.svg}
      said={table?.caption}
    >
      <ol class="claims">
        {of.map((v, i) => <Readout key={v.claim} of={v} claim={claims.find((c) => c.name === v.claim)} table={table} row={i} />)}
      </ol>
    </Chart>
  );
}

function Readout({ of, claim, table, row }: { of: Verdict; claim: Claim | undefined; table: TableBlock | undefined; row: number }) {
  const cells = table?.rows[row] ?? [];
  const c = of.comparison;
  return (
    <li class={`claim ${statusTone(of)}`}>
      <div class="claim-name">
        <Text of={cells[0] ?? of.claim} />
        <Badge tone={statusTone(of)}>{of.status}</Badge>
      </div>
      {c && claim && <Plot of={of} claim={claim} />}
      {c && claim && <Numbers of={of} claim={claim} n={cells[5] ? words(cells[5], ", ") : ""} />}
      <p class="reason">{of.reason}</p>
    </li>
  );
}

function judgedOn(of: Verdict, claim: Claim): { value: number | null; bounds: [number, number] | null; level: number; alone: boolean } {
  const c = of.comparison!;
  const alone = THRESHOLDS.includes(claim.kind);
  if (alone) {
    const e = c.candidate as typeof c.difference;
    return { value: e.value, bounds: e.decision_interval ?? e.interval, level: e.decision_level ?? e.level, alone };
  }
  return { value: c.difference.value, bounds: deciding(c), level: c.difference.decision_level ?? c.difference.level, alone };
}

function linesOf(claim: Claim, lower: boolean): number[] {
  if (THRESHOLDS.includes(claim.kind)) return [claim.threshold ?? 0];
  const margin = claim.margin ?? 0;
  if (!margin) return [];
  const signs = { better: [1], not_worse: [-1], equivalent: [-1, 1] }[claim.kind as "better"] ?? [];
  return signs.map((s) => s * (lower ? -1 : 1) * margin);
}

function Plot({ of, claim }: { of: Verdict; claim: Claim }) {
  const c = of.comparison!, lower = c.metric.direction === "lower";
  const { value, bounds, alone } = judgedOn(of, claim);
  const margins = linesOf(claim, lower);
  const row: Row = { value, bounds, tone: statusTone(of), said: `${claim.name}: ${formatter(bounds, value)(value, !alone)} ${interval(bounds, value, !alone)}, ${of.status}` };
  const scale = scaleOf([row], alone ? margins : [0, ...margins], lower);
  return (
    <div class="claim-plot">
      <Strip row={row} scale={scale} zero={alone ? null : 0} margins={margins} height={40} />
      <Axis scale={scale} ends={alone ? undefined : ["baseline better", "candidate better"]} />
    </div>
  );
}

function Numbers({ of, claim, n }: { of: Verdict; claim: Claim; n: string }) {
  const c = of.comparison!;
  const { value, bounds, level, alone } = judgedOn(of, claim);
  const write = formatter(bounds, value);
  return (
    <div class="claim-numbers">
      <p class="figure">{value === null ? "undefined" : write(value, !alone)}</p>
      <p class="bounds">{interval(bounds, value, !alone)} <span class="muted">{percent(level)}</span></p>
      <p class="muted">{write(c.baseline.value)} → {write(c.candidate.value)}</p>
      <p class="muted">{n}</p>
    </div>
  );
}
