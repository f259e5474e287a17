// What was captured of code and environment: short values as they are, long lists behind their names.

import type { ComponentChildren } from "preact";
import { counted, shown } from "../lib/format";
import { Facts } from "./common";

type Held = Record<string, unknown>;

const ODD = new Set(["schema", "type"]);
const LONG = 8;

const isHeld = (value: unknown): value is Held => typeof value === "object" && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown): boolean => value === "" || value === null || (typeof value === "object" && Object.keys(value as Held).length === 0);

export function Nested({ of }: { of: Held }) {
  const known = Object.entries(of).filter(([name, value]) => !ODD.has(name) && !isEmpty(value));
  if (!known.length) return <p class="muted">Nothing was captured.</p>;
  return <Facts of={known.map(([name, value]): [string, ComponentChildren] => [name, <Value key={name} of={value} />])} />;
}

function Value({ of }: { of: unknown }) {
  if (Array.isArray(of)) return of.every((v) => typeof v !== "object") && of.length <= LONG ? <>{of.map(shown).join(", ")}</> : <List name={counted(of.length, "entry").replace("entrys", "entries")} of={of.map((v, i): [string, unknown] => [String(i), v])} />;
  if (!isHeld(of)) return <span class="pre">{shown(of)}</span>;
  const entries = Object.entries(of).filter(([, v]) => !isEmpty(v));
  const flat = entries.every(([, v]) => typeof v !== "object");
  if (flat && entries.length <= LONG) return <>{entries.map(([k, v]) => <span key={k} class="pair-line"><span class="muted">{k}</span> <span class="pre">{shown(v)}</span></span>)}</>;
  if (flat || entries.length > LONG) return <List name={counted(entries.length, "name")} of={entries} />;
  return <>{entries.map(([k, v]) => <div key={k} class="pair-line"><span class="muted">{k}</span> <Value of={v} /></div>)}</>;
}

function List({ name, of }: { name: string; of: [string, unknown][] }) {
  return (
    <details>
      <summary>{name}</summary>
      <div class="scroll tall" role="group" tabIndex={0} aria-label={name}>
        <table><tbody>{of.map(([k, v]) => <tr key={k}><th scope="row">{k}</th><td class="pre">{shown(v)}</td></tr>)}</tbody></table>
      </div>
    </details>
  );
}
