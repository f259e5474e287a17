// Choosing some of a list, and adding to one.

import { useId, useState } from "preact/hooks";
import { count } from "../lib/format";

/** What is wrong with a field, beneath it. */
export function Amiss({ of }: { of?: string }) {
  return of ? <span class="amiss" role="alert">{of}</span> : null;
}

export function Chips({ label, of, chosen, choose, hint, wrong, counts }: { counts?: Record<string, number>; label: string; of: readonly string[]; chosen: readonly string[]; choose: (names: string[]) => void; hint?: string; wrong?: string }) {
  const flip = (name: string) => choose(chosen.includes(name) ? chosen.filter((n) => n !== name) : [...chosen, name]);
  return (
    <fieldset class="chips">
      <legend>{label}{hint && <span class="sub">{hint}</span>}</legend>
      {of.map((name) => (
        <button key={name} type="button" class="chip" aria-pressed={chosen.includes(name)} onClick={() => flip(name)}>{name}{counts?.[name] !== undefined && <span class="tally">{count(counts[name])}</span>}</button>
      ))}
      <Amiss of={wrong} />
    </fieldset>
  );
}

export function Pick({ label, of, value, choose, none, hint, wrong }: { label: string; of: readonly string[]; value: string; choose: (name: string) => void; none?: string; hint?: string; wrong?: string }) {
  return (
    <label class="field">
      {label}
      <select value={value} aria-invalid={wrong ? true : undefined} onChange={(e) => choose(e.currentTarget.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {of.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
      {hint && <span class="sub">{hint}</span>}
      <Amiss of={wrong} />
    </label>
  );
}

/** A number, or none. */
export function Amount({ label, value, choose, hint, none, wrong, step = "any", narrow = false }: { label: string; value: number | null; choose: (value: number | null) => void; hint?: string; none?: string; wrong?: string; step?: string; narrow?: boolean }) {
  return (
    <label class={narrow ? "field narrow-field" : "field"}>
      {label}
      <input
        type="number" step={step} placeholder={none} value={value ?? ""} aria-invalid={wrong ? true : undefined}
        onInput={(e) => choose(e.currentTarget.value === "" ? null : Number(e.currentTarget.value))}
      />
      {hint && <span class="sub">{hint}</span>}
      <Amiss of={wrong} />
    </label>
  );
}

/** A list that grows by what is written, with suggestions. */
export function Many({ label, of, chosen, choose, hint, placeholder, wrong }: { label: string; of: { name: string; said: string }[]; chosen: string[]; choose: (names: string[]) => void; hint?: string; placeholder?: string; wrong?: string }) {
  const [text, setText] = useState("");
  const list = useId();
  const add = (name: string) => {
    const clean = name.trim();
    if (clean && !chosen.includes(clean)) choose([...chosen, clean]);
    setText("");
  };
  return (
    <div class="field many">
      <label>
        {label}
        <input
          list={list}
          value={text}
          placeholder={placeholder}
          aria-invalid={wrong ? true : undefined}
          onInput={(e) => {
            const value = e.currentTarget.value;
            if (of.some((o) => o.name === value) && !(e as InputEvent).inputType) add(value);
            else setText(value);
          }}
          onKeyDown={(e) => { if (e.key === "Enter" || e.key === ",") { e.preventDefault(); add(text); } }}
          onBlur={() => add(text)}
        />
      </label>
      <datalist id={list}>{of.map((o) => <option key={o.name} value={o.name}>{o.said}</option>)}</datalist>
      <p class="chosen">
        {chosen.map((name) => (
          <span key={name} class="chip on">{name}<button type="button" class="quiet" aria-label={`Remove ${name}`} onClick={() => choose(chosen.filter((n) => n !== name))}>×</button></span>
        ))}
      </p>
      {hint && <span class="sub">{hint}</span>}
      <Amiss of={wrong} />
    </div>
  );
}
