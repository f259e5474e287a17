// What a verdict follows from: each run with the data that it read, and each file with the versions that it is.

import { useState } from "preact/hooks";
import { getData, getLineage } from "../api/client";
import type { DataVersion, Evidence, LineagePage, Origin } from "../api/types";
import { count } from "../lib/format";
import { useLoaded } from "../lib/load";
import { toPlan, toRun } from "../lib/router";
import { Blocks } from "./blocks";
import { Card, Digest, Waits } from "./common";
import { State } from "./mark";

export function Origins({ of }: { of: Evidence }) {
  const found = useLoaded("data", () => getData<{ versions: DataVersion[] }>());
  const versions = found.value?.versions ?? [];
  return (
    <>
      {of.runs.length > 0 && <Runs of={of.runs} versions={versions} />}
      <h3>Files that were judged</h3>
      <div class="scroll" role="group" tabIndex={0} aria-label="Files that were judged">
        <table>
          <thead><tr><th scope="col">File</th><th scope="col" class="num">Rows</th><th scope="col">Version of data</th><th scope="col">Digest</th></tr></thead>
          <tbody>
            {of.inputs.map((file) => (
              <tr key={file.name}><th scope="row">{file.name}</th><td class="num">{count(file.rows)}</td><td>{file.name.startsWith("the runs of ") && of.runs.length ? "its runs, above" : <Version of={file.digest} versions={versions} />}</td><td><Digest of={file.digest} /></td></tr>
            ))}
          </tbody>
        </table>
      </div>
      <Lineage of={of.id} />
      <p class="note"><a href={`/ledger?q=${of.id.slice(7, 23)}`}>Its events in the ledger</a> · <a href={toPlan(of.plan.name)}>the plan with every version</a></p>
    </>
  );
}

function Runs({ of, versions }: { of: Origin[]; versions: DataVersion[] }) {
  return (
    <>
      <h3>Runs whose predictions were judged</h3>
      <div class="scroll tall" role="group" tabIndex={0} aria-label="Runs whose predictions were judged">
        <table>
          <thead><tr><th scope="col">Model</th><th scope="col" class="num">Seed</th><th scope="col">Run</th><th scope="col">State</th><th scope="col">Data that it read</th></tr></thead>
          <tbody>
            {of.map((r) => (
              <tr key={r.model + r.seed}>
                <th scope="row">{r.model}</th>
                <td class="num">{r.seed}</td>
                <td>{r.state === "gone" ? <code>{r.run}</code> : <a href={toRun(r.run)} title={r.run}>{r.name || r.run}</a>}</td>
                <td><State of={r.state} /></td>
                <td>{r.data.length ? r.data.map(([name, digest]) => <span key={digest} class="sub">{name} <Version of={digest} versions={versions} /></span>) : <span class="muted">none was said</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** A digest as the versions that bear it. */
export function Version({ of, versions }: { of: string; versions: DataVersion[] }) {
  const named = versions.filter((v) => v.digest === of);
  const text = named.length ? named.map((v) => `${v.name} version ${v.version}`).join(", ") : "not named";
  return <a href={`/data?digest=${encodeURIComponent(of)}`}>{text}</a>;
}

/** The graph around one thing, looked for when it is asked: it reads every run of the lab. */
export function Lineage({ of }: { of: string }) {
  const [asked, setAsked] = useState(false);
  return asked ? <Drawn of={of} /> : <p><button type="button" onClick={() => setAsked(true)}>Show what came of what</button></p>;
}

function Drawn({ of }: { of: string }) {
  const found = useLoaded(`lineage ${of}`, () => getLineage<LineagePage>({ of }));
  return <Waits on={found}>{({ page }) => <Blocks of={page.blocks} />}</Waits>;
}

export function LineageCard({ of }: { of: string }) {
  return <Card title="What came of what"><Lineage of={of} /></Card>;
}
