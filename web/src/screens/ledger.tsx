// Every event of the lab in one chain: searched, and verified.

import { useState } from "preact/hooks";
import { getLedger, postLedgerVerify } from "../api/client";
import type { LedgerEntry } from "../api/types";
import { counted, moment, shown } from "../lib/format";
import type { Wrong } from "../lib/http";
import { useLoaded, wrongOf } from "../lib/load";
import { ask, usePlace } from "../lib/router";
import { Digest, Page, Problem, Waits } from "../ui/common";

interface Listed {
  entries: LedgerEntry[];
  next: number | null;
}

const MOST = 5000;

/** Entries from the first on, as far as a page holds them. */
async function entries(kind: string): Promise<{ entries: LedgerEntry[]; more: boolean }> {
  const found: LedgerEntry[] = [];
  let after: number | null = 0;
  while (after !== null && found.length < MOST) {
    const page: Listed = await getLedger<Listed>({ after, limit: 1000, kind });
    found.push(...page.entries);
    after = page.next;
  }
  return { entries: found, more: after !== null };
}

export function LedgerScreen() {
  const { query } = usePlace();
  const wanted = query.get("q") ?? "", kind = query.get("kind") ?? "";
  const found = useLoaded(kind, () => entries(kind));
  return (
    <Page title="Ledger" lead="Append-only: each event holds the hash of the one before, so that no change, deletion or reordering goes unseen." actions={<Verify />}>
      <Waits on={found}>
        {({ entries: all, more }) => {
          const words = wanted.toLowerCase();
          const fit = all.filter((e) => !words || `${e.kind} ${e.writer} ${e.hash} ${JSON.stringify(e.payload)}`.toLowerCase().includes(words)).reverse();
          return (
            <>
              <div class="filters">
                <input type="search" aria-label="Search events" placeholder="Search events" value={wanted} onInput={(e) => ask({ q: e.currentTarget.value })} />
                <input aria-label="Kind of event" placeholder="kind, e.g. plan.frozen" list="kinds" value={kind} onChange={(e) => ask({ kind: e.currentTarget.value })} />
                <datalist id="kinds">{[...new Set(all.map((e) => e.kind))].sort().map((k) => <option key={k} value={k} />)}</datalist>
                <span class="muted" role="status">{counted(fit.length, "event")}</span>
              </div>
              {more && <p class="note">The first {MOST} events; name a kind to see the later ones.</p>}
              {fit.slice(0, 500).map((e) => <Event key={e.position} of={e} />)}
              {fit.length > 500 && <p class="note">500 of {fit.length} are shown; search for the others.</p>}
            </>
          );
        }}
      </Waits>
    </Page>
  );
}

function Event({ of }: { of: LedgerEntry }) {
  const held = of.payload && typeof of.payload === "object" ? Object.entries(of.payload) : [];
  return (
    <details class="event">
      <summary><span class="date muted">{of.position}</span><code>{of.kind}</code><span class="gist">{gist(held)}</span><time class="date muted" dateTime={of.time}>{moment(of.time)}</time></summary>
      <dl class="facts">
        {held.map(([k, v]) => <div key={k}><dt>{k}</dt><dd class="pre">{shown(v)}</dd></div>)}
        <div><dt>hash</dt><dd><code>{of.hash}</code></dd></div>
        <div><dt>before it</dt><dd><code>{of.prev}</code></dd></div>
        <div><dt>writer</dt><dd><Digest of={of.writer} /> {of.seq}</dd></div>
      </dl>
    </details>
  );
}

/** What a person would call it by: names and words first, never digests. */
function gist(held: [string, unknown][]): string {
  const said = held.filter(([k, v]) => (typeof v === "string" || typeof v === "number") && v !== "" && !/(_at|^id|schema|type)$/.test(k) && !/[0-9a-f]{32}/.test(String(v)));
  return said.slice(0, 4).map(([k, v]) => `${k} ${shown(v).slice(0, 60)}`).join(" · ");
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
