// Conditions on what a name is, as `assay runs list --where` takes them: one value, or any of several.

const SIGNS = /[\\^$.|?*+()[\]{}]/g;
const SEVERAL = /^\^\(\?:(.*)\)\$$/s;

/** What does not stand after `=` as it is: the empty, what has space around it, and what would read as `=~`. */
const ODD = /^$|^~|^\s|\s$/;

/** Nothing, `name=value`, or a pattern of the values and nothing else. */
export function conditionOf(name: string, values: readonly string[]): string[] {
  if (!values.length) return [];
  if (values.length === 1 && !ODD.test(values[0] ?? "")) return [`${name}=${values[0]}`];
  return [`${name}=~^(?:${values.map((v) => v.replace(SIGNS, "\\$&")).join("|")})$`];
}

/** The values that such a condition asks for; null of any other. */
export function valuesOf(name: string, condition: string): string[] | null {
  if (!condition.startsWith(`${name}=`)) return null;
  const rest = condition.slice(name.length + 1);
  if (!rest.startsWith("~")) return [rest];
  const inner = SEVERAL.exec(rest.slice(1))?.[1];
  if (inner === undefined) return null;
  const values = [""];
  for (let i = 0; i < inner.length; i += 1) {
    const sign = inner.charAt(i), last = values.length - 1;
    if (sign === "|") values.push("");
    else if (sign === "\\") values[last] += inner.charAt((i += 1));
    else values[last] += sign;
  }
  // What somebody else wrote as a pattern stays theirs.
  return conditionOf(name, values)[0] === condition ? values : null;
}

/** A condition as it is read: `model = line or tree`. */
export function readable(condition: string): string {
  const name = condition.slice(0, Math.max(0, condition.indexOf("=~")));
  const values = name ? valuesOf(name, condition) : null;
  return values ? `${name} = ${values.join(" or ")}` : condition;
}
