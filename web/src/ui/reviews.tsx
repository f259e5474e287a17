// What people say of judged evidence, and the form for those who may.

import { useContext, useEffect, useState } from "preact/hooks";
import { postEvidenceIdentityReviews } from "../api/client";
import type { Review, Reviews } from "../api/types";
import { moment } from "../lib/format";
import type { Wrong } from "../lib/http";
import { wrongOf } from "../lib/load";
import { Problem } from "./common";
import { Badge } from "./mark";
import { useMay, Who } from "./who";

export function Opinion({ of }: { of: Review }) {
  return of.opinion === "approve" ? <Badge tone="good">approves</Badge> : <Badge tone="bad">objects</Badge>;
}

export function Reviewed({ of, again }: { of: Reviews; again: () => void }) {
  const who = useContext(Who);
  const may = useMay("review");
  const own = of.judged_by.includes(who.name);
  // The card comes after the address that names it.
  useEffect(() => { if (location.hash === "#reviews") document.getElementById("reviews")?.scrollIntoView(); }, []);
  return (
    <>
      {of.reviews.length === 0 && <p class="muted">Nobody has reviewed it yet.</p>}
      <ol class="timeline" aria-live="polite">{of.reviews.map((r) => <Said key={r.by} of={r} />)}</ol>
      {may && own && <p class="note">{of.team ? "You have judged it: somebody else reviews it." : "You have judged it: what you say here is told as the judge's own review."}</p>}
      {may && !(own && of.team) && <Form id={of.evidence} before={of.reviews.find((r) => r.by === who.name)} done={again} />}
    </>
  );
}

/** One person's review: when, who, what, why. */
export function Said({ of }: { of: Review }) {
  return (
    <li>
      <time dateTime={of.at}>{moment(of.at)}</time>
      <span><strong>{of.by}</strong> <Opinion of={of} />{of.own && <span class="sub">the judge's own review</span>}<span class="pre why">{of.why}</span></span>
    </li>
  );
}

const CHOICES = [["approve", "I have read it and approve of it"], ["object", "I have read it and object to it"]] as const;

function Form({ id, before, done }: { id: string; before: Review | undefined; done: () => void }) {
  const [opinion, setOpinion] = useState("");
  const [why, setWhy] = useState("");
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [busy, setBusy] = useState(false);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    postEvidenceIdentityReviews(id, { opinion, why }).then(() => { setOpinion(""); setWhy(""); done(); }, (error) => setWrong(wrongOf(error))).finally(() => setBusy(false));
  };
  return (
    <form class="review" onSubmit={send} aria-busy={busy}>
      <fieldset class="opinions">
        <legend>Your review</legend>
        {CHOICES.map(([name, words]) => <label key={name} class="inline"><input type="radio" name="opinion" value={name} checked={opinion === name} onChange={() => setOpinion(name)} />{words}</label>)}
      </fieldset>
      <label class="field">Why<textarea rows={3} maxLength={2000} value={why} onInput={(e) => setWhy(e.currentTarget.value)} /></label>
      <p class="go"><button class="primary" disabled={busy || !opinion || !why.trim()}>Record</button><span class="note">{before ? "It stands in place of what you said before; both stay in the ledger." : "It enters the ledger under your name, and changes no verdict."}</span></p>
      {wrong && <Problem of={wrong} />}
    </form>
  );
}
