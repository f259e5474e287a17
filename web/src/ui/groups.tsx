// Means of groups of runs with their intervals, and how many of the runs that fit are in none and why.

import type { RunGroup } from "../api/types";
import { count, counted, formatter, interval, plain, shown } from "../lib/format";
import { Chart } from "./chart";
import { Axis, scaleOf, Strip, type Row } from "./forest";
import { ForestPicture } from "./picture";

const settingsOf = (g: RunGroup): string => Object.entries(g.settings).map(([k, v]) => `${k} = ${shown(v)}`).join(", ") || "all";
const othersOf = (g: RunGroup): number => Object.values(g.others).reduce((a, b) => a + b, 0);

/** Why runs are in no mean of a metric, with how many: their state, that they repeat others, or that they lack it. */
function whyNot(of: RunGroup[], metric: string): string {
  const often = new Map<string, number>();
  const add = (why: string, n: number) => n && often.set(why, (often.get(why) ?? 0) + n);
  for (const g of of) for (const [why, n] of Object.entries(g.others)) add(why, n);
  for (const g of of) add(`finished without ${metric}`, g.metrics[metric]?.lacking ?? 0);
  return [...often].map(([why, n]) => `${count(n)} ${why}`).join(", ");
}

function said(of: RunGroup[], metric: string): string {
  const fit = of.reduce((n, g) => n + g.count + othersOf(g), 0);
  const held = of.reduce((n, g) => n + g.count - (g.metrics[metric]?.lacking ?? 0), 0);
  if (held === fit) return fit === 1 ? "The one run that fits is in these numbers." : `All ${count(fit)} runs that fit are in these numbers.`;
  const some = fit === 1 ? "The one run that fits is in none" : `${held ? count(held) : "None"} of ${count(fit)} runs that fit ${held === 1 ? "is" : "are"} in these numbers`;
  return `${some}; left out: ${whyNot(of, metric)}.`;
}

export function GroupChart({ metric, of }: { metric: string; of: RunGroup[] }) {
  const rows = of.map((g): [RunGroup, Row] => {
    const m = g.metrics[metric];
    const value = m?.mean ?? null;
    return [g, { value, bounds: m?.interval ?? null, tone: "info", said: `${settingsOf(g)}: ${value === null ? (m?.note ?? "no run has it") : plain(value)}` }];
  });
  if (!rows.some(([, r]) => r.value !== null)) return <p class="muted">There is no mean of {metric}. {said(of, metric)}</p>;
  const scale = scaleOf(rows.map(([, r]) => r), [], false);
  const title = `${metric}: mean over runs, with its interval`;
  const n = (g: RunGroup) => g.metrics[metric]?.count ?? 0;
  const picture = () => (
    <ForestPicture
      title={title} head={["Group", "n", `Mean of ${metric}`, "Interval over runs"]} scale={scale} axis={metric}
      lines={rows.map(([g, row]) => ({ label: settingsOf(g), figures: [count(n(g)), row.value === null ? "–" : row.bounds ? `${formatter(row.bounds, row.value)(row.value)} ${interval(row.bounds, row.value, false)}` : plain(row.value)], row }))}
    />
  );
  return (
    <Chart
      title={title} picture={picture} note={said(of, metric)}
      head={["group", "runs that fit", "finished", "n", "mean", "low", "high", "deviation", "note"]}
      rows={of.map((g) => { const m = g.metrics[metric]; return [settingsOf(g), g.count + othersOf(g), g.count, m?.count, m?.mean, m?.interval?.[0], m?.interval?.[1], m?.deviation, m?.note]; })}
    >
      <div class="scroll" role="group" tabIndex={0} aria-label={`${metric} by group`}>
        <table class="forest">
          <thead><tr><th scope="col">Group</th><th scope="col" class="num">n</th><th scope="col" class="num">Mean</th><th scope="col" class="plot">Interval over runs</th></tr></thead>
          <tbody>
            {rows.map(([g, row]) => {
              const m = g.metrics[metric], all = g.count + othersOf(g);
              return (
                <tr key={settingsOf(g)}>
                  <th scope="row">{settingsOf(g)}</th>
                  <td class="num">{count(n(g))}{n(g) !== all && <span class="sub">of {counted(all, "run")}: {whyNot([g], metric)}</span>}</td>
                  <td class="num">{row.value === null ? "–" : plain(row.value)}{m?.note && <span class="sub">{m.note}</span>}</td>
                  <td class="plot"><Strip row={row} scale={scale} zero={null} height={26} /></td>
                </tr>
              );
            })}
          </tbody>
          <tfoot><tr><td colSpan={3} /><td class="plot"><Axis scale={scale} /></td></tr></tfoot>
        </table>
      </div>
    </Chart>
  );
}
