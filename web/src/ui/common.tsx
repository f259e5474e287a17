// Small parts that every screen uses.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Wrong } from "../lib/http";
import type { Loaded } from "../lib/load";
import { count, short } from "../lib/format";
import { Coded } from "./blocks";

export function Page({ title, eyebrow, lead, actions, children }: {
  title: string;
  eyebrow?: ComponentChildren;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <>
      <header class="head">
        <div>
          {eyebrow && <p class="eyebrow">{eyebrow}</p>}
          <h1>{title}</h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

export function Problem({ of, again }: { of: Wrong; again?: () => void }) {
  return (
    <div class="callout bad" role="alert">
      <p class="title"><strong>{of.where ? `${of.where}: ` : ""}{of.what}</strong></p>
      {of.rule && <p>{of.rule}</p>}
      {of.fix && <p>Next: <Coded text={of.fix} /></p>}
      {again && <p><button type="button" onClick={again}>Try again</button></p>}
    </div>
  );
}

/** What was loaded; a quiet line until then, and what went wrong instead. */
export function Waits<T>({ on, children }: { on: Loaded<T>; children: (value: T) => ComponentChildren }) {
  if (on.wrong) return <Problem of={on.wrong} again={on.again} />;
  if (on.value === null) return <p class="waiting" role="status">Loading…</p>;
  return <>{children(on.value)}</>;
}

/** An empty screen teaches the next step. */
export function Empty({ title, children, commands = [] }: { title: string; children: ComponentChildren; commands?: string[] }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p>{children}</p>
      {commands.map((command) => <Command key={command} text={command} />)}
    </div>
  );
}

/** A table whose filter leaves nothing: why, and the way back. */
export function NoneFit({ title, every, clear, children }: { title: string; every: string; clear: () => void; children?: ComponentChildren }) {
  return (
    <div class="empty" role="status">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      <p><button type="button" onClick={clear}>{every}</button></p>
    </div>
  );
}

export function Command({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard?.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  return (
    <p class="command">
      <code>{text}</code>
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy: ${text}`}>{copied ? "copied" : "copy"}</button>
    </p>
  );
}

export function Digest({ of }: { of: string }) {
  return of ? <code class="digest" title={of}>{short(of)}</code> : <span class="muted">–</span>;
}

export function Tabs({ of, at, choose, label }: { of: readonly string[]; at: string; choose: (name: string) => void; label: string }) {
  return (
    <div class="tabs" role="group" aria-label={label}>
      {of.map((name) => (
        <button key={name} type="button" aria-pressed={name === at} onClick={() => choose(name)}>{name}</button>
      ))}
    </div>
  );
}

export function Facts({ of }: { of: [string, ComponentChildren][] }) {
  const known = of.filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return <dl class="facts">{known.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

export function Card({ title, more, children, id }: { title: string; more?: ComponentChildren; children: ComponentChildren; id?: string }) {
  return (
    <section class="card" aria-label={title} id={id}>
      <div class="card-head"><h2>{title}</h2>{more}</div>
      {children}
    </section>
  );
}

/** What is done now, and how much of it where that is known. */
export function Progress({ step, of = null }: { step: string; of?: { done: number; total: number | null } | null }) {
  const share = of?.total ? of.done / of.total : null;
  return (
    <div class="progress" role="status">
      <span>{step}{of?.total ? <span class="muted">{` ${count(of.done)} of ${count(of.total)}`}</span> : null}</span>
      {share === null ? <progress aria-label={step} /> : <progress aria-label={step} value={share} max={1} />}
    </div>
  );
}
