// Choosing some of a list, and adding to one.

import { useId, useState } from "preact/hooks";

export function Chips({ label, of, chosen, choose, hint }: { label: string; of: readonly string[]; chosen: readonly string[]; choose: (names: string[]) => void; hint?: string }) {
  const flip = (name: string) => choose(chosen.includes(name) ? chosen.filter((n) => n !== name) : [...chosen, name]);
  return (
    <fieldset class="chips">
      <legend>{label}{hint && <span class="sub">{hint}</span>}</legend>
      {of.map((name) => (
        <button key={name} type="button" class="chip" aria-pressed={chosen.includes(name)} onClick={() => flip(name)}>{name}</button>
      ))}
    </fieldset>
  );
}

export function Pick({ label, of, value, choose, none, hint }: { label: string; of: readonly string[]; value: string; choose: (name: string) => void; none?: string; hint?: string }) {
  return (
    <label class="field">
      {label}
      <select value={value} onChange={(e) => choose(e.currentTarget.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {of.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
      {hint && <span class="sub">{hint}</span>}
    </label>
  );
}

/** A list that grows by what is written, with suggestions. */
export function Many({ label, of, chosen, choose, hint, placeholder }: { label: string; of: { name: string; said: string }[]; chosen: string[]; choose: (names: string[]) => void; hint?: string; placeholder?: string }) {
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
    </div>
  );
}
