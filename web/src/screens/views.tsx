// Saved views: filters, order, columns and groups under a name, for everybody of the lab.

import { useState } from "preact/hooks";
import { deleteViewsName, getViews, putViewsName } from "../api/client";
import type { View } from "../api/types";
import type { Wrong } from "../lib/http";
import { useLoaded, wrongOf } from "../lib/load";
import { ask } from "../lib/router";
import { Problem } from "../ui/common";
import { useMay } from "../ui/who";
import type { Asked } from "./runs";

const keyOf = (of: Asked): string => JSON.stringify([of.where, of.sort, of.columns, of.by, of.metric]);

export function Views({ asked }: { asked: Asked }) {
  const may = useMay("write");
  const views = useLoaded("views", () => getViews<{ views: View[] }>());
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const all = views.value?.views ?? [];
  const same = all.find((v) => keyOf(v) === keyOf(asked));
  const done = (work: Promise<unknown>) => work.then(() => { setName(""); setWrong(null); views.again(); }, (error) => setWrong(wrongOf(error)));
  return (
    <>
      <select aria-label="Saved views" value={same?.name ?? ""} onChange={(e) => {
        const view = all.find((v) => v.name === e.currentTarget.value);
        ask(view ? { where: view.where, sort: view.sort, columns: view.columns, by: view.by, metric: view.metric } : { where: null, sort: null, columns: null, by: null, metric: null }, false);
      }}>
        <option value="">{all.length ? "Saved views" : "No saved view"}</option>
        {all.map((v) => <option key={v.name} value={v.name}>{v.name}</option>)}
      </select>
      {may && !same && <form class="save" onSubmit={(e) => { e.preventDefault(); void done(putViewsName(name, asked)); }}>
        <input aria-label="Name of the view" placeholder="save this view as" value={name} onInput={(e) => setName(e.currentTarget.value)} />
        <button disabled={!name.trim()}>Save</button>
      </form>}
      {may && same && <button type="button" class="quiet" onClick={() => void done(deleteViewsName(same.name))}>Forget this view</button>}
      {wrong && <Problem of={wrong} />}
    </>
  );
}
