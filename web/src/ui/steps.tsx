// The dated steps of a plan: which are done, who said so, and saying so.

import { useState } from "preact/hooks";
import { postPlansNameDone } from "../api/client";
import type { DatedStep, PlanBrief } from "../api/types";
import { day } from "../lib/format";
import type { Wrong } from "../lib/http";
import { wrongOf } from "../lib/load";
import { Problem } from "./common";
import { useMay } from "./who";

export function Steps({ of, again }: { of: PlanBrief; again: () => void }) {
  const may = useMay("write"), today = new Date().toISOString().slice(0, 10);
  return (
    <ul class="timeline">
      {[...of.milestones].sort((a, b) => a.date.localeCompare(b.date)).map((m) => (
        <li key={m.date + m.what}>
          <time dateTime={m.date}>{m.date}</time>
          <span>
            {m.what}
            {m.done_at
              ? <><strong class="good"> done</strong><span class="sub">{day(m.done_at)} by {m.done_by}{m.note && `: ${m.note}`}</span></>
              : <>{m.date <= today && <strong class="unsure"> {m.date === today ? "due today" : "due"}</strong>}{may && <Saying plan={of.name} step={m} done={again} />}</>}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Two steps, since the ledger forgets nothing: what there is to say of it, then that it is done. */
function Saying({ plan, step, done }: { plan: string; step: DatedStep; done: () => void }) {
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget as HTMLFormElement).get("note"));
    setBusy(true);
    try {
      await postPlansNameDone(plan, { milestone: `${step.date} ${step.what}`, note });
      done();
    } catch (error) {
      setWrong(wrongOf(error));
      setBusy(false);
    }
  };
  return (
    <details>
      <summary>mark as done</summary>
      <form class="line" onSubmit={submit}>
        <label>Note<input name="note" maxLength={10_000} autocomplete="off" /></label>
        <button disabled={busy} aria-label={`It is done: ${step.what}`}>It is done</button>
      </form>
      {wrong && <Problem of={wrong} />}
    </details>
  );
}
