// What a comparison is made of, as the address holds it: files by name and digest, what their columns mean, and its job.

import type { Kept } from "../ui/drop";
import { NOTHING, type Roles } from "./compare-roles";

export interface Asked {
  base: Kept[];
  candidates: Kept[];
  roles: Roles | null;
  job: string;
}

const written = (f: Kept): string => `${f.name}@${f.digest}`;

function read(text: string): Kept[] {
  const [, name, digest] = /^(.{1,500})@([a-z0-9]+:[0-9a-f]{64})$/s.exec(text) ?? [];
  return name && digest ? [{ name, digest }] : [];
}

export function fromQuery(query: URLSearchParams): Asked {
  return { base: query.getAll("base").flatMap(read).slice(0, 1), candidates: query.getAll("candidate").flatMap(read), roles: rolesFrom(query.get("roles")), job: query.get("job") ?? "" };
}

export function toQuery({ base, candidates, roles, job }: Asked): Record<string, string | string[]> {
  const changed = Object.entries(roles ?? {}).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(NOTHING[name as keyof Roles]));
  return { base: base.map(written), candidate: candidates.map(written), roles: changed.length ? JSON.stringify(Object.fromEntries(changed)) : "", job };
}

/** Nothing of an address is believed but what has the form that was written there. */
function rolesFrom(text: string | null): Roles | null {
  if (!text) return null;
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said !== "object" || said === null) return null;
    const fits = (name: keyof Roles, value: unknown) => {
      const plain = NOTHING[name];
      if (Array.isArray(plain)) return Array.isArray(value) && value.every((v) => typeof v === "string");
      return plain === null ? ["string", "number", "boolean"].includes(typeof value) : typeof value === typeof plain;
    };
    const known = Object.entries(said).filter(([name, value]) => name in NOTHING && fits(name as keyof Roles, value));
    return { ...NOTHING, ...Object.fromEntries(known) };
  } catch {
    return null;
  }
}

const BASELINE = /(^|[^a-z])(base(line)?|old|before|control|current|prod(uction)?|champion|ref(erence)?)([^a-z]|$)/i;

/** Of files that come together one is the baseline: the one whose name alone says so, else the first by name. */
export function parted(files: Kept[]): { base: Kept; candidates: Kept[]; why: string } | null {
  const said = files.filter((f) => BASELINE.test(f.name));
  const base = said.length === 1 ? said[0] : [...files].sort((a, b) => a.name.localeCompare(b.name))[0];
  if (!base) return null;
  return { base, candidates: files.filter((f) => f !== base), why: said.length === 1 ? "as its name says" : "as the first by name" };
}
