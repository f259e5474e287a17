// Data by name, and each version by its content.

import { getData } from "../api/client";
import type { DataVersion } from "../api/types";
import { bytes, count, counted } from "../lib/format";
import { useLoaded } from "../lib/load";
import { ask, usePlace } from "../lib/router";
import { Digest, Empty, NoneFit, Page, Waits } from "../ui/common";
import { LineageCard } from "../ui/origins";

export function DataScreen() {
  const { query } = usePlace();
  const wanted = query.get("q") ?? "", digest = query.get("digest") ?? "";
  const found = useLoaded("data", () => getData<{ versions: DataVersion[] }>());
  return (
    <Page title="Data" lead="A version is its content: the same bytes are the same version, wherever they lie.">
      <Waits on={found}>
        {({ versions }) => {
          if (!versions.length) return <Empty title="No data has a name yet" commands={["assay data add test.parquet --name flights"]}>Name a file or a folder, and plans and runs can say which version they read.</Empty>;
          const fit = versions.filter((v) => `${v.name} ${v.path} ${v.digest}`.toLowerCase().includes(wanted.toLowerCase()) && (!digest || v.digest === digest)).reverse();
          return (
            <>
              <div class="filters">
                <input type="search" aria-label="Search data" placeholder="Search name, path or digest" value={wanted} onInput={(e) => ask({ q: e.currentTarget.value })} />
                {digest && <span class="chip on">{digest.slice(0, 19)}…<button type="button" class="quiet" aria-label="Every digest" onClick={() => ask({ digest: null })}>×</button></span>}
                <span class="muted" role="status">{counted(fit.length, "version")}</span>
              </div>
              {!fit.length && (
                <NoneFit title="No version fits" every="Show every version" clear={() => ask({ q: null, digest: null })}>
                  {wanted ? <>None of {counted(versions.length, "version")} has <q>{wanted}</q> in its name, path or digest.</> : <>The file was read where it lay, and was never named with <code>assay data add</code>.</>}
                </NoneFit>
              )}
              {fit.length > 0 && (
                <div class="scroll" role="group" tabIndex={0} aria-label="Versions of data">
                  <table class="rows">
                    <thead><tr><th scope="col">Name</th><th scope="col" class="num">Version</th><th scope="col">Digest</th><th scope="col" class="num">Files</th><th scope="col" class="num">Size</th><th scope="col">Where it was</th></tr></thead>
                    <tbody>{fit.map((v) => <tr key={v.name + v.version}><th scope="row"><strong>{v.name}</strong></th><td class="num">{v.version}</td><td><a href={`/data?digest=${encodeURIComponent(v.digest)}`} title="what came of it"><Digest of={v.digest} /></a></td><td class="num">{count(v.files)}</td><td class="num">{bytes(v.bytes)}</td><td>{v.path}</td></tr>)}</tbody>
                  </table>
                </div>
              )}
              {digest && fit.length > 0 && <LineageCard of={digest} />}
            </>
          );
        }}
      </Waits>
    </Page>
  );
}
