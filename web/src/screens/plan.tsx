// One plan: its question, where it stands, what it claims, and what came of it.

import { useState } from "preact/hooks";
import { getPlansName, getPlansNamePower } from "../api/client";
import type { Claim, Document, PlanContent, PlanDetails } from "../api/types";
import { counted, day, moment, percent, plain, quoted, sliceWords } from "../lib/format";
import { useLoaded } from "../lib/load";
import { toEvidence } from "../lib/router";
import { Blocks } from "../ui/blocks";
import { Card, Command, Digest, Facts, Page, Waits } from "../ui/common";
import { Drop, type Kept } from "../ui/drop";
import { Judge } from "../ui/judging";
import { State } from "../ui/mark";
import { Matrix } from "../ui/matrix";
import { Opinion } from "../ui/reviews";
import { Steps } from "../ui/steps";

export function PlanScreen({ name }: { name: string }) {
  const found = useLoaded(name, () => getPlansName<PlanDetails>(name));
  return <Waits on={found}>{(value) => <Shown of={value} again={found.again} />}</Waits>;
}

function Shown({ of, again }: { of: PlanDetails; again: () => void }) {
  const { plan } = of;
  return (
    <Page
      title={of.name}
      eyebrow={<><a href="/plans">Plans</a> / version {of.version}</>}
      lead={plan.question}
      actions={of.evidence ? <a class="button primary" href={toEvidence(of.evidence)}>Read the verdict</a> : undefined}
    >
      <p class="standing"><State of={of.state} /> <span>{plan.owner && `owner ${plan.owner}`}</span> <span>{plan.risk_tier && `risk tier ${plan.risk_tier}`}</span> <span>frozen {day(of.frozen_at)} by {of.frozen_by}</span></p>
      <div class="columns">
        <div>
          <Card title="Claims"><ClaimTable of={plan.claims} /></Card>
          <Card title="Guardrails">{plan.guardrails.length ? <ClaimTable of={plan.guardrails} /> : <p class="muted">None: nothing is checked for harm.</p>}</Card>
          <Card title="Matrix of runs"><Matrix of={plan} /></Card>
          <Card title="Looks"><Looks of={of} /></Card>
          <Card title="Power"><PowerSaid of={plan} name={of.name} /></Card>
          <Card title="Why"><Facts of={[["Hypothesis", plan.hypothesis], ["Users would notice", plan.user_impact], ["Product KPI", plan.product_kpi], ["What would change it", plan.change_my_mind], ["Stop rules", plan.stop_rules.length ? <ul>{plan.stop_rules.map((r) => <li key={r}>{r}</li>)}</ul> : ""]]} /></Card>
          <Card title="Data"><Facts of={[["Name", plan.data.name], ["Population", plan.data.population], ["Split", plan.data.split], ["Key", plan.data.id.join(", ")], ["Truth", plan.data.target], ["Unit", plan.data.unit || "each row"], ["Slices", plan.data.slices.join(", ")], ["Missing rows", plan.missing]]} /></Card>
        </div>
        <div>
          <Card title="Judge"><JudgeAgain of={of} again={again} /></Card>
          {of.milestones.length > 0 && <Card title="Dated steps"><Steps of={of} again={again} /></Card>}
          <Card title="Time line"><TimeLine of={of} /></Card>
          {of.versions.length > 1 && <Card title="Deviations"><Deviations of={of} /></Card>}
        </div>
      </div>
    </Page>
  );
}

const KINDS: Record<Claim["kind"], (c: Claim) => string> = {
  better: (c) => `better than the baseline${c.margin ? ` by more than ${plain(c.margin)}` : ""}`,
  not_worse: (c) => `not worse than the baseline by ${plain(c.margin ?? 0)} or more`,
  equivalent: (c) => `within ${plain(c.margin ?? 0)} of the baseline`,
  at_least: (c) => `at least ${plain(c.threshold ?? 0)}`,
  at_most: (c) => `at most ${plain(c.threshold ?? 0)}`,
};

function ClaimTable({ of }: { of: Claim[] }) {
  return (
    <div class="scroll" role="group" tabIndex={0} aria-label="Claims">
      <table>
        <thead><tr><th scope="col">Claim</th><th scope="col">Metric</th><th scope="col">About</th><th scope="col" class="num">Smallest effect that matters</th></tr></thead>
        <tbody>
          {of.map((c) => (
            <tr key={c.name}>
              <th scope="row"><strong>{c.name}</strong><span class="sub">{KINDS[c.kind](c)}{Object.keys(c.slice).length ? `, for ${sliceWords(c.slice)}` : ""}{c.primary || c.guardrail ? "" : "; secondary"}</span></th>
              <td><code>{c.metric}</code></td>
              <td>{c.about}</td>
              <td class="num">{c.minimal_effect === null ? "–" : plain(c.minimal_effect)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Looks({ of }: { of: PlanDetails }) {
  const { looks, reuse, level } = of.plan;
  const several = looks.planned !== 1;
  return (
    <>
      <Facts of={[
        ["Level", percent(level)],
        ["Looks", looks.planned ? counted(looks.planned, "look") + (several ? `, ${looks.kind}, ${looks.spending}` : "") : "any number"],
        ["Units at the last", looks.units === null ? "" : plain(looks.units)],
        ["Candidates that share these data", `${reuse.candidates}, release: ${reuse.release}`],
        ["Readings so far", String(of.judged.length)],
      ]} />
      {of.judged.length > 0 && (
        <ol class="timeline">
          {of.judged.map((j, i) => (
            <li key={j.id}><time dateTime={j.created_at}>{day(j.created_at)}</time><span>reading {i + 1}: <a class="plain" href={toEvidence(j.id)}><State of={j.recommendation} /></a></span></li>
          ))}
        </ol>
      )}
    </>
  );
}

/** Units needed, power and its curve, as far as the plan declares what they follow from. */
function PowerSaid({ of, name }: { of: PlanContent; name: string }) {
  const known = [...of.claims, ...of.guardrails].filter((c) => c.sd !== null).length;
  const found = useLoaded(`${name} ${of.version} ${known}`, async () => (known ? (await getPlansNamePower<{ page: Document }>(name)).page : null));
  return (
    <>
      <Facts of={[["Wanted", percent(of.power)], ["Decided", of.decide], ["Units planned", of.looks.units === null ? "not said" : plain(of.looks.units)], ["Seeds", String(of.seeds)]]} />
      {known > 0 && <Waits on={found}>{(page) => <Blocks of={(page?.blocks ?? []).filter((b) => b.type !== "paragraph" || !b.lead)} />}</Waits>}
      {!known && <p class="note">No claim declares a standard deviation (<code>sd</code>), from which power follows: a pilot, predictions on development data, tells it.</p>}
      <Command text={`assay plan power ${quoted(`${of.name}.yaml`)} --pilot PREDICTIONS`} />
    </>
  );
}

/** Every departure from what was frozen before: who, when, why, and what it changed. */
function Deviations({ of }: { of: PlanDetails }) {
  return (
    <ol class="timeline">
      {of.versions.slice(1).reverse().map((v) => (
        <li key={v.digest}>
          <time dateTime={v.frozen_at}>{moment(v.frozen_at)}</time>
          <span>
            <strong>version {v.version}</strong> by {v.frozen_by}: {v.reason || "no reason was given"}
            {v.changed.length ? <ul>{v.changed.map((c) => <li key={c}>{c}</li>)}</ul> : <span class="sub">Nothing that it says changed.</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

function TimeLine({ of }: { of: PlanDetails }) {
  const events = [
    ...of.versions.map((v) => ({ at: v.frozen_at, key: v.digest, said: <><strong>version {v.version} frozen</strong> by {v.frozen_by}{v.reason && <span class="sub">deviation: {v.reason}</span>}<span class="sub"><Digest of={v.digest} /></span></> })),
    ...of.judged.map((j) => ({ at: j.created_at, key: j.id, said: <><a class="plain" href={toEvidence(j.id)}><State of={j.recommendation} /></a> judged, version {of.versions.find((v) => v.digest === j.plan)?.version ?? "?"}<span class="sub"><Digest of={j.id} /></span></> })),
    ...of.judged.flatMap((j) => j.reviews.map((r) => ({ at: r.at, key: j.id + r.by, said: <>{r.by} <a class="plain" href={toEvidence(j.id)}><Opinion of={r} /></a>{r.own && <span class="sub">the judge's own review</span>}<span class="sub pre">{r.why}</span></> }))),
    ...of.milestones.map((m) => ({ at: m.date, key: m.date + m.what, said: <>{m.what}{m.done_at && <strong class="good"> done</strong>}</> })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  return <ol class="timeline">{events.map((e) => <li key={e.key}><time dateTime={e.at}>{e.at.length > 10 ? moment(e.at) : e.at}</time><span>{e.said}</span></li>)}</ol>;
}

/** A frozen plan is judged as the lab keeps it, on what was uploaded once; what was not is brought along. */
function JudgeAgain({ of, again }: { of: PlanDetails; again: () => void }) {
  const [brought, setBrought] = useState<Kept[]>([]);
  const wanted = of.files.filter((f) => !f.kept);
  const lacking = wanted.filter((f) => !brought.some((k) => k.name === f.name)).map((f) => f.name);
  return (
    <>
      {of.judged.length > 0 && <p class="note">Judging the same data again spends no look: the stored evidence is returned.</p>}
      {wanted.length > 0 && <Drop label="Its predictions" hint={`${counted(wanted.length, "file")}, by the names in the plan`} kept={brought} done={(more) => setBrought((now) => [...now.filter((k) => !more.some((m) => m.name === k.name)), ...more])} />}
      {lacking.length > 0
        ? <><p class="note">The lab has not kept <code>{lacking.join(", ")}</code>: bring it here, or judge where the files lie.</p><Command text={`assay judge ${quoted(`${of.name}.yaml`)}`} /></>
        : <Judge name={of.name} files={Object.fromEntries(brought.map((f) => [f.name, f.digest]))} done={again} />}
      <p class="note"><a href={`/plans?draft=${encodeURIComponent(of.name)}`}>Draft a deviation</a>: a new version that says why.</p>
    </>
  );
}
