// What waits for somebody first, then every plan with what came of it.

import type { ComponentChildren } from "preact";
import { useContext, useState } from "preact/hooks";
import { getPlans, getPlansNameCoverage } from "../api/client";
import type { Coverage, PlanBrief, Tone } from "../api/types";
import { count, counted, day } from "../lib/format";
import { useLoaded } from "../lib/load";
import { toEvidence, toPlan } from "../lib/router";
import { Card, Empty, Page, Waits } from "../ui/common";
import { Icon, State, toneOf } from "../ui/mark";
import { useMay, Who } from "../ui/who";

interface Listed {
  plans: PlanBrief[];
  next: string | null;
}

export async function everyPlan(): Promise<PlanBrief[]> {
  const found: PlanBrief[] = [];
  let after = "";
  for (;;) {
    const page = await getPlans<Listed>({ limit: 500, after });
    found.push(...page.plans);
    if (!page.next) return found;
    after = page.next;
  }
}

export function Overview() {
  const plans = useLoaded("plans", everyPlan);
  return (
    <Page title="Overview" lead="What was claimed, what the evidence says, and what waits." actions={<><a class="button" href="/compare">Compare two files</a><a class="button primary" href="/plans?draft=new">New plan</a></>}>
      <Waits on={plans}>{(found) => (found.length ? <Lab plans={found} /> : <FirstSteps />)}</Waits>
    </Page>
  );
}

function FirstSteps() {
  return (
    <Empty title="This lab is new" commands={["assay compare base.csv cand.csv --on id --target label --metric accuracy", "assay plan new > plan.yaml"]}>
      Drop two files of predictions on <a href="/compare">Compare</a> to see how a candidate differs from its baseline, or{" "}
      <a href="/plans?draft=new">draft a plan</a>: write down what you claim before the data are read, freeze it, and judge it. In a terminal:
    </Empty>
  );
}

interface Item {
  plan: string;
  owner: string;
  /** Whom it waits for, besides the owner. */
  whom: string[];
  what: ComponentChildren;
  date: string;
  since: string;
  tone: Tone;
}

/** What the evidence asks of somebody; of a plan on hold, whether a look of those planned is left. */
function nextOf(p: PlanBrief): string {
  if (p.state === "adopt") return "a person decides whether to adopt it";
  if (p.state === "stop") return "a person decides whether to stop";
  if (p.state === "iterate") return "the candidate needs more work";
  if (p.state !== "hold") return p.state;
  if (!p.looks) return "it is on hold: look again when more units are there";
  return p.readings < p.looks ? `look ${p.readings + 1} of ${p.looks} is left: judge again when its units are there` : "it is on hold: more units are needed";
}

/** A frozen plan is judged once its predictions are there: what its matrix says. */
function Ready({ of }: { of: PlanBrief }) {
  const found = useLoaded(`${of.name} ${of.digest}`, () => getPlansNameCoverage<{ coverage: Coverage }>(of.name));
  const cells = found.value?.coverage.cells ?? [], there = cells.filter((c) => c.state === "finished").length;
  return (
    <>
      <a href={toPlan(of.name)}>{!cells.length ? "it is frozen and waits to be judged" : there === cells.length ? "its predictions are known to the lab: it waits to be judged" : `${count(there)} of its ${counted(cells.length, "prediction")} are known to the lab`}</a>
      {of.deviation && <span class="sub">version {of.version}, a deviation: {of.deviation}</span>}
    </>
  );
}

const short = (text: string): string => ([...text].length > 120 ? `${[...text].slice(0, 119).join("")}…` : text);

/** What reviews ask for: an objection of whoever judged, a review of whoever may and has not judged it. */
function reviewsOf(p: PlanBrief, reader: string): [number, Item][] {
  if (!p.evidence) return [];
  const at = { plan: p.name, owner: p.owner, date: `judged ${day(p.judged_at)}`, since: p.judged_at ?? "" };
  const objections = p.reviews.filter((r) => r.opinion === "object").map((r): [number, Item] => [1, { ...at, whom: p.judged_by, what: <><a href={`${toEvidence(p.evidence ?? "")}#reviews`}>{r.by} objects</a><span class="sub">{short(r.why)}</span></>, date: `said ${day(r.at)}`, since: r.at, tone: "bad" }]);
  const waits = reader && !p.judged_by.includes(reader) && p.reviews.every((r) => r.own);
  return waits ? [...objections, [2, { ...at, whom: [reader], what: <a href={`${toEvidence(p.evidence)}#reviews`}>it waits for a review: nobody but its judge has said anything</a>, tone: "info" }]] : objections;
}

/** What somebody has to do next: overdue steps first, then objections, reviews and decisions, then what was not judged yet; the oldest first. */
function itemsOf(plans: PlanBrief[], today: string, reviewer: string): Item[] {
  const items: [number, Item][] = plans.flatMap((p): [number, Item][] => {
    const own = { plan: p.name, owner: p.owner, whom: [] };
    const next: [number, Item] = p.evidence
      ? [p.state === "adopt" || p.state === "stop" ? 2 : 4, { ...own, what: <a href={toEvidence(p.evidence)}>{nextOf(p)}</a>, date: `judged ${day(p.judged_at)}`, since: p.judged_at ?? "", tone: toneOf(p.state) }]
      : [3, { ...own, what: <Ready of={p} />, date: `frozen ${day(p.frozen_at)}`, since: p.frozen_at, tone: "info" }];
    const due = p.milestones.filter((m) => !m.done_at && m.date <= today).map((m): [number, Item] => [0, { ...own, what: <a href={toPlan(p.name)}>{m.what}</a>, date: m.date === today ? "due today" : `due ${m.date}`, since: m.date, tone: "unsure" }]);
    return [...due, ...reviewsOf(p, reviewer), next];
  });
  return items.sort(([a, x], [b, y]) => a - b || x.since.localeCompare(y.since)).map(([, item]) => item);
}

function Waiting({ plans, today }: { plans: PlanBrief[]; today: string }) {
  const who = useContext(Who);
  const [mine, setMine] = useState(false);
  const reviewer = useMay("review") ? who.name : "";
  const all = itemsOf(plans, today, reviewer);
  const own = all.filter((i) => [i.owner, ...i.whom].some((name) => name.toLowerCase() === who.name.toLowerCase()));
  const fit = mine ? own : all;
  return (
    <Card title="What waits" more={own.length > 0 && own.length < all.length ? <label class="inline"><input type="checkbox" checked={mine} onChange={(e) => setMine(e.currentTarget.checked)} />mine alone ({own.length})</label> : undefined}>
      <ul class="waits">
        {fit.slice(0, MOST).map((i, n) => (
          <li key={`${i.plan} ${i.date} ${n}`}><span class={i.tone}><Icon tone={i.tone} /> <a class="strong" href={toPlan(i.plan)}>{i.plan}</a></span><span>{i.what}{i.owner && <span class="sub">{i.owner}</span>}</span><span class="date muted">{i.date}</span></li>
        ))}
      </ul>
      {fit.length > MOST && <p class="note">and {fit.length - MOST} more: <a href="/plans">every plan</a></p>}
    </Card>
  );
}

const MOST = 12;

function Lab({ plans }: { plans: PlanBrief[] }) {
  const waiting = plans.filter((p) => p.evidence === null);
  const judged = plans.filter((p) => p.evidence !== null).sort((a, b) => (b.judged_at ?? "").localeCompare(a.judged_at ?? ""));
  const decide = judged.filter((p) => p.state === "adopt" || p.state === "stop");
  const due = plans.flatMap((p) => p.milestones.filter((m) => !m.done_at).map((m) => ({ ...m, plan: p.name }))).sort((a, b) => a.date.localeCompare(b.date));
  const today = new Date().toISOString().slice(0, 10);
  return (
    <>
      <div class="tiles">
        <Tile n={plans.length} name="plans" />
        <Tile n={waiting.length} name="wait to be judged" />
        <Tile n={decide.length} name="call for a decision" />
        <Tile n={judged.filter((p) => p.state === "hold" || p.state === "iterate").length} name="need more work or units" />
      </div>
      <Waiting plans={plans} today={today} />
      {waiting.length > 0 && <Card title="Frozen, not judged yet"><Plans of={waiting} /></Card>}
      {judged.length > 0 && <Card title="Judged, the latest first"><Plans of={judged} /></Card>}
      {due.length > 0 && (
        <Card title="Dated steps">
          <ol class="timeline">
            {due.map((m) => (
              <li key={m.plan + m.date + m.what}>
                <time dateTime={m.date}>{m.date}</time>
                <span>{m.what}{m.date <= today && <strong class="unsure"> {m.date === today ? "due today" : "due"}</strong>} <span class="sub"><a href={toPlan(m.plan)}>{m.plan}</a></span></span>
              </li>
            ))}
          </ol>
        </Card>
      )}
    </>
  );
}

function Tile({ n, name }: { n: number; name: string }) {
  return <p class="tile"><strong>{n}</strong> {name}</p>;
}

export function Plans({ of }: { of: PlanBrief[] }) {
  return (
    <div class="scroll" role="group" tabIndex={0} aria-label={counted(of.length, "plan")}>
      <table class="rows">
        <thead><tr><th scope="col">Plan</th><th scope="col">State</th><th scope="col">Owner</th><th scope="col">Risk</th><th scope="col">Frozen</th><th scope="col">Judged</th></tr></thead>
        <tbody>
          {of.map((p) => (
            <tr key={p.name}>
              <th scope="row"><a class="strong" href={toPlan(p.name)}>{p.name}</a><span class="sub clamp">{p.question}</span></th>
              <td>{p.evidence ? <a class="plain" href={toEvidence(p.evidence)} aria-label={`Verdict on ${p.name}: ${p.state}`}><State of={p.state} /></a> : <State of={p.state} />}</td>
              <td>{p.owner || "–"}</td>
              <td>{p.risk_tier || "–"}</td>
              <td class="date">{day(p.frozen_at)}</td>
              <td class="date">{p.evidence ? <a href={toEvidence(p.evidence)}>{day(p.judged_at)}</a> : "not yet"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
