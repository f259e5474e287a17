// Judging a frozen plan, with its steps as they happen.

import { useState } from "preact/hooks";
import { postPlansJudge, type Started } from "../api/client";
import { finished, type Step, type Wrong } from "../lib/http";
import { wrongOf } from "../lib/load";
import { toEvidence } from "../lib/router";
import { Problem, Progress } from "./common";
import { State } from "./mark";
import { useMay } from "./who";

interface Done {
  evidence: string;
  stored: boolean;
  recommendations: Record<string, string>;
}

/** Judge a plan by its text, or by its name where the lab keeps it. */
export function Judge({ text = "", name = "", files, done }: { text?: string; name?: string; files: Record<string, string>; done: () => void }) {
  const may = useMay("write");
  const [step, setStep] = useState<Step | null>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [found, setFound] = useState<Done | null>(null);
  const run = async () => {
    setWrong(null);
    setStep({ step: "waiting", total: null, done: 0 });
    try {
      const { job } = await postPlansJudge<Started>({ text, name, files });
      setFound(await finished<Done>(job, setStep));
    } catch (error) {
      setWrong(wrongOf(error));
    }
    setStep(null);
  };
  if (found) {
    return (
      <div class="judged" role="status">
        {Object.entries(found.recommendations).map(([name, action]) => <p key={name}><State of={action} /> {name}</p>)}
        <p><a class="button primary" href={toEvidence(found.evidence)}>Read the verdict</a> <button type="button" onClick={done}>Back to the plan</button></p>
        {found.stored && <p class="note">This reading was judged before; its stored evidence is shown, and no look was spent.</p>}
      </div>
    );
  }
  return (
    <>
      {step ? <Progress step={step.step} of={step} /> : <p class="go"><button type="button" class="primary" disabled={!may} onClick={run}>Judge</button><span class="note">Reads the data: a look is spent.</span></p>}
      {wrong && <Problem of={wrong} />}
    </>
  );
}
