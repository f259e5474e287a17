// Examples won and lost, the two models side by side.

import { useState } from "preact/hooks";
import type { Examples, Flip } from "../api/types";
import { count, plain, shown } from "../lib/format";
import { Chart } from "./chart";
import { Tabs } from "./common";
import { Badge } from "./mark";

/** Examples of each candidate in turn; of several one is chosen. */
export function Flips({ of, baseline }: { of: Examples[]; baseline: string }) {
  const [at, setAt] = useState("");
  const mine = of.find((e) => e.candidate === at) ?? of[0];
  if (!mine || !of.some((e) => e.won.length || e.lost.length)) return <p class="muted">No row is won or lost clearly, or the plan releases none.</p>;
  const { won, lost, candidate, notes } = mine;
  const rows = [...won.map((f) => line("won", f)), ...lost.map((f) => line("lost", f))];
  return (
    <>
      {of.length > 1 && <Tabs label="Candidate" of={of.map((e) => e.candidate)} at={candidate} choose={setAt} />}
      <Chart title={of.length > 1 ? `Examples won and lost by ${candidate}` : "Examples won and lost"} head={["side", "row", "target", baseline, candidate]} rows={rows} picture={null} note={notes.by && `Found by ${notes.by.replaceAll("_", " ")}${notes.won === undefined ? ", those furthest apart first" : `: ${count(notes.won)} won, ${count(notes.lost ?? 0)} lost, of which a few are shown`}.`}>
        <div class="sides">
          <Side title="Won by the candidate" tone="good" of={won} names={[baseline, candidate]} />
          <Side title="Lost to the baseline" tone="bad" of={lost} names={[baseline, candidate]} />
        </div>
      </Chart>
    </>
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
