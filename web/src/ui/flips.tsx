// Examples won and lost, the two models side by side.

import type { Flip } from "../api/types";
import { plain, shown } from "../lib/format";
import { Chart } from "./chart";
import { Badge } from "./mark";

export function Flips({ won, lost, baseline, candidate }: { won: Flip[]; lost: Flip[]; baseline: string; candidate: string }) {
  if (!won.length && !lost.length) return <p class="muted">No row is won or lost clearly, or the plan releases none.</p>;
  const rows = [...won.map((f) => line("won", f)), ...lost.map((f) => line("lost", f))];
  return (
    <Chart title="Examples won and lost" head={["side", "row", "target", baseline, candidate]} rows={rows}>
      <div class="sides">
        <Side title="Won by the candidate" tone="good" of={won} names={[baseline, candidate]} />
        <Side title="Lost to the baseline" tone="bad" of={lost} names={[baseline, candidate]} />
      </div>
    </Chart>
  );
}

function line(side: string, f: Flip): unknown[] {
  return [side, keyWords(f), f.target, f.baseline, f.candidate];
}

const keyWords = (f: Flip): string => Object.entries(f.key).map(([k, v]) => `${k} = ${shown(v)}`).join(", ");

function Side({ title, tone, of, names }: { title: string; tone: "good" | "bad"; of: Flip[]; names: [string, string] }) {
  return (
    <section class="side" aria-label={title}>
      <h3><Badge tone={tone}>{title}</Badge></h3>
      {of.map((f, i) => (
        <article key={i} class="flip">
          <p class="key">{Object.entries(f.key).map(([k, v]) => <span key={k}><span class="muted">{k}</span> {shown(v)}</span>)}</p>
          <p class="target"><span class="muted">truth</span> <strong>{shown(f.target)}</strong></p>
          <div class="pair">
            <Said name={names[0]} value={f.baseline} />
            <Said name={names[1]} value={f.candidate} strong={tone === "good"} />
          </div>
        </article>
      ))}
      {!of.length && <p class="muted">None.</p>}
    </section>
  );
}

/** What one model said: a probability as a bar too, a text as it stands. */
function Said({ name, value, strong = false }: { name: string; value: unknown; strong?: boolean }) {
  const share = typeof value === "number" && value >= 0 && value <= 1 ? value : null;
  return (
    <div class={strong ? "said strong" : "said"}>
      <span class="muted">{name}</span>
      <span class="value">{plain(value)}</span>
      {share !== null && <meter min={0} max={1} value={share} aria-label={`${name}: ${plain(value)}`} />}
    </div>
  );
}
