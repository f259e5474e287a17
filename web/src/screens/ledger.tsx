// Every event of the lab in one chain: searched, and verified.

import { useState } from "preact/hooks";
import { getLedgerSearch, postLedgerVerify } from "../api/client";
import type { LedgerEntry } from "../api/types";
import { count, counted, moment, shown } from "../lib/format";
import type { Wrong } from "../lib/http";
import { useLoaded, useSettled, wrongOf } from "../lib/load";
import { ask, usePlace } from "../lib/router";
import { Digest, NoneFit, Page, Problem, Waits } from "../ui/common";

interface Found {
  entries: LedgerEntry[];
  next: number | null;
  total: number;
  kinds: Record<string, number>;
}

const PAGE = 100;

export function LedgerScreen() {
  const { query } = usePlace();
  const wanted = query.get("q") ?? "", kind = query.get("kind") ?? "";
  const settled = useSettled(wanted);
  const found = useLoaded(`${kind} ${settled}`, () => getLedgerSearch<Found>({ q: settled, kind, limit: PAGE }));
  return (
    <Page title="Ledger" lead="Append-only: each event holds the hash of the one before, so that no change, deletion or reordering goes unseen." actions={<Verify />}>
      <div class="filters">
        <input type="search" aria-label="Search events" placeholder="Search every event" value={wanted} onInput={(e) => ask({ q: e.currentTarget.value })} />
        <select aria-label="Kind of event" value={kind} onChange={(e) => ask({ kind: e.currentTarget.value })}>
          <option value="">Every kind</option>
          {kind && !(kind in (found.value?.kinds ?? {})) && <option value={kind}>{kind}</option>}
          {Object.entries(found.value?.kinds ?? {}).map(([k, n]) => <option key={k} value={k}>{`${k} (${count(n)})`}</option>)}
        </select>
        {found.value && <span class="muted" role="status">{counted(found.value.total, "event")}</span>}
      </div>
      <Waits on={found}>{(first) => <Events key={`${kind} ${settled}`} first={first} more={(before) => getLedgerSearch<Found>({ q: settled, kind, before, limit: PAGE })} />}</Waits>
    </Page>
  );
}

/** The newest first; older ones are asked for page by page. */
function Events({ first, more }: { first: Found; more: (before: number) => Promise<Found> }) {
  const [older, setOlder] = useState<Found[]>([]);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const next = (older.at(-1) ?? first).next;
  const shown = [first, ...older].flatMap((page) => page.entries);
  if (!shown.length) return <NoneFit title="No event holds that" every="Show every event" clear={() => ask({ q: null, kind: null })} />;
  return (
    <>
      {shown.map((e) => <Event key={e.position} of={e} />)}
      {wrong && <Problem of={wrong} />}
      {next !== null && <p class="go"><button type="button" onClick={() => void more(next).then((page) => setOlder([...older, page]), (error) => setWrong(wrongOf(error)))}>Older events</button><span class="note">{count(shown.length)} of {count(first.total)} are shown</span></p>}
    </>
  );
}

function Event({ of }: { of: LedgerEntry }) {
  const held = of.payload && typeof of.payload === "object" ? Object.entries(of.payload) : [];
  return (
    <details class="event">
      <summary><span class="date muted">{of.position}</span><code>{of.kind}</code><span class="gist">{of.said}</span><time class="date muted" dateTime={of.time}>{moment(of.time)}</time></summary>
      <dl class="facts">
        {held.map(([k, v]) => <div key={k}><dt>{k}</dt><dd class="pre">{shown(v)}</dd></div>)}
        <div><dt>hash</dt><dd><code>{of.hash}</code></dd></div>
        <div><dt>before it</dt><dd><code>{of.prev}</code></dd></div>
        <div><dt>writer</dt><dd><Digest of={of.writer} /> {of.seq}</dd></div>
      </dl>
    </details>
  );
}

function Verify() {
  const [said, setSaid] = useState<{ ok: boolean; entries: number; faults: string[] } | null>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const run = () => postLedgerVerify<{ ok: boolean; entries: number; faults: string[] }>().then(setSaid, (error) => setWrong(wrongOf(error)));
  return (
    <>
      <button type="button" class="primary" onClick={() => void run()}>Verify</button>
      {said && <span role="status" class={said.ok ? "good" : "bad"}>{said.ok ? `${counted(said.entries, "event")}, every chain holds` : said.faults[0]}</span>}
      {wrong && <Problem of={wrong} />}
    </>
  );
}
