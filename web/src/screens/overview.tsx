// What waits for somebody first, then every plan with what came of it.

import { getPlans } from "../api/client";
import type { PlanBrief } from "../api/types";
import { counted, day } from "../lib/format";
import { useLoaded } from "../lib/load";
import { toEvidence, toPlan } from "../lib/router";
import { Card, Empty, Page, Waits } from "../ui/common";
import { State } from "../ui/mark";

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

function Lab({ plans }: { plans: PlanBrief[] }) {
  const waiting = plans.filter((p) => p.evidence === null);
  const judged = plans.filter((p) => p.evidence !== null).sort((a, b) => (b.judged_at ?? "").localeCompare(a.judged_at ?? ""));
  const decide = judged.filter((p) => p.state === "adopt" || p.state === "stop");
  const due = plans.flatMap((p) => p.milestones.map((m) => ({ ...m, plan: p.name }))).sort((a, b) => a.date.localeCompare(b.date));
  const today = new Date().toISOString().slice(0, 10);
  return (
    <>
      <div class="tiles">
        <Tile n={plans.length} name="plans" />
        <Tile n={waiting.length} name="wait to be judged" />
        <Tile n={decide.length} name="call for a decision" />
        <Tile n={judged.filter((p) => p.state === "hold" || p.state === "iterate").length} name="need more work or units" />
      </div>
      {waiting.length > 0 && <Card title="Waiting to be judged"><Plans of={waiting} /></Card>}
      {judged.length > 0 && <Card title="Judged, the latest first"><Plans of={judged} /></Card>}
      {due.length > 0 && (
        <Card title="Dated steps">
          <ol class="timeline">
            {due.map((m) => (
              <li key={m.plan + m.date + m.what} class={m.date < today ? "past" : ""}>
                <time dateTime={m.date}>{m.date}</time>
                <span>{m.what} <span class="sub"><a href={toPlan(m.plan)}>{m.plan}</a></span></span>
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
