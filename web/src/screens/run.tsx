// One run: what went in, every value it logged, and what came out.

import { useState } from "preact/hooks";
import type { RunShown } from "../api/types";
import { bytes, counted, moment, plain, seconds, shown } from "../lib/format";
import { address, again } from "../lib/http";
import { useLoaded, useWatch } from "../lib/load";
import { toRun } from "../lib/router";
import { Card, Command, Digest, Facts, Page, Waits } from "../ui/common";
import { Lines, numbered } from "../ui/lines";
import { State } from "../ui/mark";
import { Nested } from "../ui/nested";
import { LineageCard } from "../ui/origins";
import { LoggedCards } from "../ui/logged";
import { Diff } from "./runs-compared";

const POINTS = 1200;

export function RunScreen({ id }: { id: string }) {
  const found = useLoaded(id, () => again<RunShown>(`/api/v1${toRun(id)}`, { points: POINTS }));
  useWatch(found.value?.state === "running", found.renew);
  return <Waits on={found}>{(run) => <Shown of={run} id={id} />}</Waits>;
}

function Shown({ of, id }: { of: RunShown; id: string }) {
  const { start, end } = of;
  const curves = new Map<string, RunShown["series"]>();
  for (const s of of.series) curves.set(s.key.name, [...(curves.get(s.key.name) ?? []), s]);
  const lines = [...curves].filter(([, all]) => all.some((s) => s.count > 1));
  const single = [...curves].filter(([, all]) => all.every((s) => s.count <= 1));
  const command = Array.isArray(start.command) ? start.command.join(" ") : start.command;
  return (
    <Page title={start.name || id} eyebrow={<><a href="/runs">Runs</a> / {id}</>}>
      <p class="standing"><State of={of.state} /><span>{moment(start.started)}</span><span>{seconds(end?.seconds)}</span><span>{start.user}@{start.host}</span>{start.seed !== null && <span>seed {start.seed}</span>}{of.state === "running" && <span>what it logs appears here</span>}</p>
      {end?.error && <div class="callout bad" role="note"><p class="title"><strong>It failed</strong></p><pre>{end.error}</pre></div>}
      {of.faults.map((f) => <div key={f} class="callout bad" role="note"><p>{f}</p></div>)}
      <div class="columns">
        <div>
          {lines.map(([name, all]) => (
            <Card key={name} title={name} more={<span class="muted">{counted(all.reduce((n, s) => n + s.count, 0), "value")}</span>}>
              <Lines title={name} subject={start.name || id} said="" csv={address("/api/v1/runs/values", { run: [id], name })} of={all.map((s) => ({ name: s.key.rank >= 0 ? `rank ${s.key.rank}` : name, steps: s.steps, values: s.values.map(numbered), count: s.count }))} />
            </Card>
          ))}
          <LoggedCards of={of.other} run={of.start.id} />
          {!of.series.length && !of.other.length && <Card title="Values"><p class="muted">None was logged: <code>run.log(loss=…)</code> does.</p></Card>}
          <LineageCard of={of.start.id} />
          <Card title="Difference to another run"><DiffTo id={id} /></Card>
          <Card title="Captured code"><Nested of={of.code} /></Card>
          <Card title="Environment"><Nested of={of.environment} /></Card>
        </div>
        <div>
          {single.length > 0 && <Card title="Results"><Facts of={single.map(([name, all]) => [name, <strong>{plain(numbered(all[0]?.values.at(-1)))}</strong>])} /></Card>}
          <Card title="Configuration"><Facts of={Object.entries(of.config).map(([k, v]) => [k, shown(v)])} /></Card>
          {of.notes.length > 0 && <Card title="Artifacts and data"><Notes of={of.notes} id={id} /></Card>}
          <Card title="Again"><Command text={`assay reproduce ${id}`} />{command && <p class="note">It ran <code>{command}</code></p>}<p class="note">Kept in <code>{of.folder}</code></p></Card>
        </div>
      </div>
    </Page>
  );
}

function Notes({ of, id }: { of: RunShown["notes"]; id: string }) {
  return (
    <ul class="notes">
      {of.map((n, i) => {
        const name = String(n.content.name ?? ""), digest = String(n.content.digest ?? "");
        return (
          <li key={i}>
            {n.what === "artifact" && name ? <a href={`/api/v1/runs/${encodeURIComponent(id)}/artifacts/${encodeURIComponent(name)}`} download>{name}</a> : <>{n.what} {name}</>}
            <span class="sub"><Digest of={digest} />{typeof n.content.bytes === "number" ? ` ${bytes(n.content.bytes)}` : ""}</span>
          </li>
        );
      })}
    </ul>
  );
}

function DiffTo({ id }: { id: string }) {
  const [text, setText] = useState("");
  const [other, setOther] = useState("");
  return (
    <>
      <form class="filters" onSubmit={(e) => { e.preventDefault(); setOther(text.trim()); }}>
        <input aria-label="The other run" placeholder="id of another run" value={text} onInput={(e) => setText(e.currentTarget.value)} />
        <button disabled={!text.trim()}>Show</button>
      </form>
      {other && <Diff a={id} b={other} names={["this", other]} />}
    </>
  );
}
