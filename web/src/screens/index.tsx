// Which screen an address shows.

import type { ComponentChildren } from "preact";
import { NotThere } from "../app";
import { CompareScreen } from "./compare";
import { DataScreen } from "./data";
import { LedgerScreen } from "./ledger";
import { Overview } from "./overview";
import { PlanScreen } from "./plan";
import { PlansScreen } from "./plans";
import { RunScreen } from "./run";
import { RunsScreen } from "./runs";
import { SettingsScreen } from "./settings";
import { VerdictScreen } from "./verdict";

export interface Screen {
  title: string;
  show: () => ComponentChildren;
}

type Shown = (held: string) => ComponentChildren;
const SCREENS: [RegExp, string, Shown][] = [
  [/^\/$/, "Overview", () => <Overview />],
  [/^\/compare$/, "Compare", () => <CompareScreen />],
  [/^\/plans$/, "Plans", () => <PlansScreen />],
  [/^\/plans\/(.+)$/, "Plan", (name) => <PlanScreen key={name} name={name} />],
  [/^\/evidence\/([^/]+)$/, "Verdict", (id) => <VerdictScreen key={id} id={id} />],
  [/^\/runs$/, "Runs", () => <RunsScreen />],
  [/^\/runs\/([^/]+)$/, "Run", (id) => <RunScreen key={id} id={id} />],
  [/^\/data$/, "Data", () => <DataScreen />],
  [/^\/ledger$/, "Ledger", () => <LedgerScreen />],
  [/^\/settings$/, "Settings", () => <SettingsScreen />],
];

export function screenAt(path: string): Screen {
  for (const [form, title, show] of SCREENS) {
    const found = form.exec(path);
    if (found) {
      const held = decoded(found[1] ?? "");
      return { title: held && title !== "Verdict" ? held : title, show: () => show(held) };
    }
  }
  return { title: "Not there", show: NotThere };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
