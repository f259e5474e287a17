// A plan's models by seed: which run or file has each cell, and what misses.

import { getPlansNameCoverage } from "../api/client";
import type { Coverage, ModelSpec, PlanContent } from "../api/types";
import { useLoaded } from "../lib/load";
import { toRun } from "../lib/router";
import { Digest, Waits } from "./common";
import { Icon, toneOf } from "./mark";

export function Matrix({ of }: { of: PlanContent }) {
  const found = useLoaded(of.name, () => getPlansNameCoverage<{ coverage: Coverage }>(of.name));
  return <Waits on={found}>{({ coverage }) => <Table of={of} covered={coverage} />}</Waits>;
}

function Table({ of, covered }: { of: PlanContent; covered: Coverage }) {
  const specs = new Map<string, ModelSpec>([of.baseline, ...of.candidates, ...of.ablations.flatMap((a) => (a.model ? [{ ...a.model, name: a.name }] : []))].map((m) => [m.name, m]));
  const models = [...new Map(covered.cells.map((c) => [`${c.role} ${c.model}`, c])).values()];
  const missing = covered.cells.filter((c) => c.state !== "finished");
  return (
    <>
      <div class="scroll" role="group" tabIndex={0} aria-label="Models and their predictions">
        <table>
          <thead><tr><th scope="col">Model</th><th scope="col">Part</th><th scope="col">Seeds</th><th scope="col">Predictions</th></tr></thead>
          <tbody>
            {models.map(({ role, model }) => {
              const spec = specs.get(model), cells = covered.cells.filter((c) => c.model === model && c.role === role);
              return (
                <tr key={role + model}>
                  <th scope="row"><strong>{model}</strong>{spec?.why && <span class="sub">{spec.why}</span>}</th>
                  <td>{role}</td>
                  <td>{spec?.deterministic ? "deterministic" : of.seeds || 1}</td>
                  <td>
                    {spec?.digest && <><Digest of={spec.digest} /><span class="sub">{spec.file} · <a href={`/data?digest=${encodeURIComponent(spec.digest)}`}>among the data</a></span></>}
                    {!spec?.digest && <span class="cells">{cells.map((c) => <Cell key={c.seed} of={c} />)}</span>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {missing.length > 0 && <ul class="lint">{missing.slice(0, 20).map((c) => <li key={c.model + c.seed}><strong>{c.model}</strong> seed {c.seed}: {c.state}{c.why && <span class="sub">{c.why}</span>}</li>)}</ul>}
      {missing.length > 20 && <p class="note">and {missing.length - 20} more that miss</p>}
      {covered.notes.map((n) => <p key={n} class="note">{n}</p>)}
    </>
  );
}

function Cell({ of }: { of: Coverage["cells"][number] }) {
  const mark = <><Icon tone={toneOf(of.state)} />seed {of.seed}</>;
  return of.source && of.state === "finished"
    ? <a class="cell" href={toRun(of.source)} title={`${of.state}: ${of.source}`}>{mark}</a>
    : <span class="cell muted" title={of.why || of.state}>{mark}</span>;
}
