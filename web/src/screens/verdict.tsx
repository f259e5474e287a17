// The memo, alive: the recommendation first, provenance last.

import { useState } from "preact/hooks";
import { getEvidenceIdentity, postEvidenceIdentityRecheck, type Started } from "../api/client";
import type { Block, Evidence, Recommendation } from "../api/types";
import { finished, type Wrong } from "../lib/http";
import { useLoaded, wrongOf } from "../lib/load";
import { toPlan } from "../lib/router";
import { Blocks, Coded, exactly, section, Text } from "../ui/blocks";
import { Claims } from "../ui/claims";
import { Card, Page, Problem, Waits } from "../ui/common";
import { Flips } from "../ui/flips";
import { Icon, toneOf } from "../ui/mark";
import { Origins } from "../ui/origins";
import { Opinion, Reviewed } from "../ui/reviews";
import { Slices } from "../ui/slices";

export function VerdictScreen({ id }: { id: string }) {
  const found = useLoaded(id, () => getEvidenceIdentity<Evidence>(id));
  return <Waits on={found}>{(value) => <Shown of={value} again={found.again} />}</Waits>;
}

function Shown({ of, again }: { of: Evidence; again: () => void }) {
  const blocks = of.memo.blocks;
  const { judgement, plan } = of;
  const several = judgement.recommendations.length > 1;
  const standing = blocks.find((b) => b.type === "paragraph" && !b.lead);
  const looks = section(blocks, "Looks");
  return (
    <Page
      title={plan.name}
      eyebrow={<><a href="/plans">Plans</a> / <a href={toPlan(plan.name)}>{plan.name}</a> / verdict</>}
      lead={plan.question}
      actions={<Actions of={of} />}
    >
      {standing?.type === "paragraph" && <p class="standing"><Text of={standing.text} /></p>}
      {judgement.recommendations.map((r) => <Banner key={r.candidate} of={r} blocks={blocks} />)}
      {of.reviews.reviews.length > 0 && <p class="standing">{of.reviews.reviews.map((r) => <a key={r.by} class="plain" href="#reviews">{r.by} <Opinion of={r} /></a>)}</p>}
      <Opening blocks={blocks} />
      <nav class="contents" aria-label="On this page">
        {judgement.recommendations.flatMap((r, i) => ["Claims", "Guardrails", "What would change"].map((name) => (
          <a key={name + r.candidate} href={`#${anchor(name, i)}`}>{several ? `${name}: ${r.candidate}` : name}</a>
        )))}
        {[...(judgement.slices.length ? ["Slices"] : []), ...(looks.length ? ["Looks"] : []), "Examples", "Reviews", "Method", "Limits", "Provenance"].map((name) => (
          <a key={name} href={`#${anchor(name)}`}>{name}</a>
        ))}
      </nav>
      {judgement.recommendations.map((r, i) => <Candidate key={r.candidate} of={r} at={i} evidence={of} several={several} />)}
      {judgement.slices.length > 0 && (
        <Card title="Slices" id="slices"><Slices of={judgement.slices} unit={plan.data.unit} /></Card>
      )}
      {looks.length > 0 && <Card title="Looks" id="looks"><Blocks of={looks} /></Card>}
      <Card title="Examples" id="examples">
        <Flips of={of.examples} baseline={plan.baseline.name} />
      </Card>
      <Card title="Reviews" id="reviews"><Reviewed of={of.reviews} again={again} /></Card>
      <Card title="Method" id="method"><Blocks of={section(blocks, "How it was measured")} /></Card>
      <Card title="Limits" id="limits"><Blocks of={section(blocks, "Limits")} /></Card>
      <Card title="Provenance" id="provenance"><Blocks of={section(blocks, "Provenance")} /><Origins of={of} /></Card>
    </Page>
  );
}

/** Where a part stands on the page; parts about each candidate are numbered from the second on. */
const anchor = (name: string, at = 0): string => name.toLowerCase().replaceAll(" ", "-") + (at ? `-${at + 1}` : "");

function Banner({ of, blocks }: { of: Recommendation; blocks: Block[] }) {
  const said = blocks.find((b) => b.type === "banner" && b.word.endsWith(`: ${of.candidate}`));
  const tone = toneOf(of.action);
  return (
    <div class={`banner ${tone}`}>
      <p class="word"><Icon tone={tone} />{of.action[0]?.toUpperCase()}{of.action.slice(1)}<span class="of">{of.candidate}</span></p>
      <p class="why"><Coded text={of.why} /></p>
      {said?.type === "banner" && <p class="subject">{said.subject}</p>}
    </div>
  );
}

/** What stands in the memo between the recommendation and the claims. */
function Opening({ blocks }: { blocks: Block[] }) {
  const from = blocks.findLastIndex((b) => b.type === "banner");
  const to = blocks.findIndex((b) => b.type === "heading");
  return from >= 0 && to > from ? <Blocks of={blocks.slice(from + 1, to)} /> : null;
}

function Candidate({ of, at, evidence, several }: { of: Recommendation; at: number; evidence: Evidence; several: boolean }) {
  const about = several ? ` about ${of.candidate}` : "";
  const blocks = evidence.memo.blocks;
  const { claims, guardrails } = evidence.plan;
  const guarding = new Set(guardrails.map((g) => g.name));
  return (
    <>
      <Card title={`Claims${about}`} id={anchor("Claims", at)}>
        <Claims title={`Claims${about}`} of={of.verdicts.filter((v) => !guarding.has(v.claim))} claims={claims} blocks={exactly(blocks, `Claims${about}`)} />
      </Card>
      <Card title={`Guardrails${about}`} id={anchor("Guardrails", at)}>
        <Claims title={`Guardrails${about}`} of={of.verdicts.filter((v) => guarding.has(v.claim))} claims={guardrails} blocks={exactly(blocks, `Guardrails${about}`)} />
      </Card>
      <Card title={`What would change the decision${about}`} id={anchor("What would change", at)}>
        <Blocks of={exactly(blocks, `What would change the decision${about}`)} />
      </Card>
    </>
  );
}

function Actions({ of }: { of: Evidence }) {
  const [said, setSaid] = useState("");
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const recheck = async () => {
    setSaid("rechecking…");
    setWrong(null);
    try {
      const { job } = await postEvidenceIdentityRecheck<Started>(of.id);
      const found = await finished<{ ok: boolean; differences: string[] }>(job, (s) => setSaid(`${s.step}…`));
      setSaid(found.ok ? "rechecked: the verdict follows from the evidence" : `it does not follow: ${found.differences[0] ?? ""}`);
    } catch (error) {
      setSaid("");
      setWrong(wrongOf(error));
    }
  };
  const memo = (form: string) => `/api/v1/evidence/${of.id}/memo?form=${form}`;
  return (
    <>
      <button type="button" onClick={recheck}>Recheck</button>
      <a class="button" href={memo("html")} target="_blank" rel="noreferrer">Memo to print</a>
      <a class="button" href={memo("md")} download={`${of.plan.name}.md`}>Markdown</a>
      {said && <span class="muted" role="status">{said}</span>}
      {wrong && <Problem of={wrong} />}
    </>
  );
}
