// Every plan, and drafting one with what is wrong with it as it is written.

import { useEffect, useState } from "preact/hooks";
import { getPlansName, getPlansNameDraft, postPlansCheck, postPlansFreeze, postPlansPower, postPlansTemplate } from "../api/client";
import type { Document, PlanDetails } from "../api/types";
import { counted } from "../lib/format";
import type { Wrong } from "../lib/http";
import { useKept, useLoaded, useSettled, wrongOf } from "../lib/load";
import { ask, go, toPlan, usePlace } from "../lib/router";
import { Blocks, Coded } from "../ui/blocks";
import { Card, Empty, NoneFit, Page, Problem, Waits } from "../ui/common";
import { Drop, type Kept } from "../ui/drop";
import { Judge } from "../ui/judging";
import { useMay } from "../ui/who";
import { everyPlan, Plans } from "./overview";

export interface Draft {
  text: string;
  files: Kept[];
}

export function PlansScreen() {
  const { query } = usePlace();
  return query.get("draft") ? <DraftScreen key={query.get("draft")} of={query.get("draft") ?? "new"} /> : <ListScreen />;
}

function ListScreen() {
  const { query } = usePlace();
  const plans = useLoaded("plans", everyPlan);
  const wanted = query.get("q") ?? "", state = query.get("state") ?? "";
  return (
    <Page title="Plans" lead="Each says what is claimed before the data are read." actions={<a class="button primary" href="/plans?draft=new">New plan</a>}>
      <Waits on={plans}>
        {(all) => {
          const fit = all.filter((p) => (!state || p.state === state) && `${p.name} ${p.question} ${p.owner}`.toLowerCase().includes(wanted.toLowerCase()));
          if (!all.length) return <Empty title="No plan is frozen yet" commands={["assay plan new > plan.yaml", "assay plan freeze plan.yaml"]}>A plan fixes question, claims, guardrails, margins and looks before anybody sees a number. Draft one here, or in a terminal:</Empty>;
          return (
            <>
              <div class="filters">
                <input type="search" aria-label="Search plans" placeholder="Search plans" value={wanted} onInput={(e) => ask({ q: e.currentTarget.value })} />
                <select aria-label="State" value={state} onChange={(e) => ask({ state: e.currentTarget.value })}>
                  <option value="">Every state</option>
                  {[...new Set(all.map((p) => p.state))].sort().map((s) => <option key={s} value={s}>{`${s} (${all.filter((p) => p.state === s).length})`}</option>)}
                </select>
                <span class="muted" role="status">{fit.length} of {all.length}</span>
              </div>
              {fit.length ? <Plans of={fit} /> : <NoneFit title="No plan fits" every="Show every plan" clear={() => ask({ q: null, state: null })}>None of {counted(all.length, "plan")} {state && `is ${state}`}{state && wanted && " and "}{wanted && <>has <q>{wanted}</q> in its name, question or owner</>}.</NoneFit>}
            </>
          );
        }}
      </Waits>
    </Page>
  );
}

function DraftScreen({ of }: { of: string }) {
  const may = useMay("write");
  const [draft, setDraft] = useKept<Draft>(`draft.${of}`, { text: "", files: [] });
  const [reason, setReason] = useState("");
  const [frozen, setFrozen] = useState<{ name: string; version: number } | null>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const deviates = of !== "new" || wrong?.code === "frozen";
  const files = Object.fromEntries(draft.files.map((f) => [f.name, f.digest]));
  const settled = useSettled(JSON.stringify([draft.text, files]), 400);
  const lint = useLoaded(settled, async () => (draft.text ? postPlansCheck<{ problems: Wrong[]; warnings: string[] }>({ text: draft.text, files }) : null));
  const begin = async () => {
    const fresh = of === "new" ? await postPlansTemplate<Pick<Draft, "text">>() : await fromFrozen(of);
    setDraft((now) => ({ ...now, ...fresh }));
  };
  useEffect(() => {
    if (!draft.text) begin().catch((error: unknown) => setWrong(wrongOf(error)));
  }, []);
  const name = /^name:\s*["']?(.+?)["']?\s*(#.*)?$/m.exec(draft.text)?.[1] ?? jsonName(draft.text);
  const problems = lint.value?.problems ?? [];
  const freeze = async () => {
    setWrong(null);
    try {
      const done = await postPlansFreeze<{ version: number }>({ text: draft.text, files, deviation: reason });
      // The next draft begins with the template, or with what is frozen by then.
      for (const drafted of [of, name]) localStorage.removeItem(`assay.draft.${drafted}`);
      setFrozen({ name, version: done.version });
    } catch (error) {
      setWrong(wrongOf(error));
    }
  };
  return (
    <Page title={of === "new" ? "New plan" : `Draft of ${of}`} eyebrow={<><a href="/plans">Plans</a> / draft</>} lead="Write down what you claim before anybody sees a number; freezing hashes it.">
      {!may && <div class="callout info" role="note"><p>You may read this lab; freezing a plan needs the role of a scientist.</p></div>}
      <div class="draft">
        <Card title="The plan" more={<button type="button" class="quiet" onClick={() => void begin()}>start over</button>}>
          <Editor text={draft.text} change={(text) => setDraft((now) => ({ ...now, text }))} problems={problems} />
        </Card>
        <div class="beside">
          <Drop label="Files that the plan names" hint="predictions of baseline and candidates, by the names in the plan" kept={draft.files} done={(more) => setDraft((now) => ({ ...now, files: [...now.files.filter((f) => !more.some((m) => m.name === f.name)), ...more] }))} />
          <Card title={problems.length ? `${problems.length} to mend` : "Checked as you write"}>
            {lint.wrong && <Problem of={lint.wrong} />}
            {lint.value && !problems.length && <p class="good"><strong>{lint.value.warnings.length ? "It can be frozen once it says what is asked below." : "Nothing is wrong with it."}</strong></p>}
            <ol class="lint">
              {problems.map((p, i) => <li key={i}><code>{p.where}</code> {p.what}<span class="sub"><Coded text={[p.rule, p.fix].filter(Boolean).join("; ")} /></span></li>)}
            </ol>
            {(lint.value?.warnings ?? []).length > 0 && <h3>Worth a thought</h3>}
            <ul class="lint">{(lint.value?.warnings ?? []).map((w) => <li key={w}><Coded text={w} /></li>)}</ul>
          </Card>
          {!problems.length && lint.value && <Power draft={draft} files={files} at={settled} />}
          {wrong && <Problem of={wrong} />}
          {deviates && !frozen && <label class="field">Why it departs from the frozen version<textarea rows={2} value={reason} onInput={(e) => setReason(e.currentTarget.value)} /></label>}
          {frozen ? (
            <div class="callout good" role="status">
              <p class="title"><strong>Frozen as version {frozen.version}.</strong> <a href={toPlan(frozen.name)}>Open the plan</a></p>
              <Judge text={draft.text} files={files} done={() => go(toPlan(frozen.name))} />
            </div>
          ) : (
            <p class="go"><button type="button" class="primary" disabled={!may || problems.length > 0 || !lint.value || (deviates && !reason.trim())} onClick={freeze}>Freeze</button><span class="note">Its content is hashed and enters the ledger; a change is a new version that says why.</span></p>
          )}
        </div>
      </div>
    </Page>
  );
}

/** What a deviation begins with: the latest frozen version, wherever it was frozen, and those of its files that the lab keeps. */
async function fromFrozen(name: string): Promise<Draft> {
  const [{ text }, { files }] = await Promise.all([getPlansNameDraft<{ text: string }>(name), getPlansName<PlanDetails>(name)]);
  return { text, files: files.filter((f) => f.kept).map((f) => ({ name: f.name, digest: f.digest })) };
}

function jsonName(text: string): string {
  return /"name"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? "";
}

/** The text with its line numbers; lines with a problem are marked. */
function Editor({ text, change, problems }: { text: string; change: (text: string) => void; problems: Wrong[] }) {
  const odd = new Set(problems.map((p) => Number(/:(\d+)/.exec(p.where)?.[1] ?? 0)));
  const lines = text.split("\n").length;
  return (
    <div class="editor">
      <div class="gutter" aria-hidden="true">{Array.from({ length: lines }, (_, i) => <span key={i} class={odd.has(i + 1) ? "bad" : ""}>{i + 1}</span>)}</div>
      <textarea aria-label="The plan's text" spellcheck={false} wrap="off" rows={Math.max(24, lines)} value={text} onInput={(e) => change(e.currentTarget.value)} />
    </div>
  );
}

function Power({ draft, files, at }: { draft: Draft; files: Record<string, string>; at: string }) {
  const [found, setFound] = useState<{ at: string; page: Document } | null>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const show = () => {
    setWrong(null);
    postPlansPower<{ page: Document }>({ text: draft.text, files }).then(({ page }) => setFound({ at, page }), (error) => setWrong(wrongOf(error)));
  };
  return (
    <Card title="Power" more={<button type="button" class="quiet" onClick={show}>{found ? "again" : "show"}</button>}>
      {wrong && <p class="note" role="alert"><Coded text={`${wrong.what}; ${wrong.fix}`} /></p>}
      {found ? <Blocks of={found.page.blocks} /> : <p class="note">How many units it takes, from the standard deviation per unit (<code>sd</code>) of each claim.</p>}
      {found && found.at !== at && <p class="note">The plan has changed since.</p>}
    </Card>
  );
}
