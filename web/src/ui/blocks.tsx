// A document of the reports as part of this page: the same words, tables and pictures as in the memo that is kept.

import type { ComponentChildren } from "preact";
import type { Block, FigureBlock, Inline, Piece, TableBlock } from "../api/types";
import { Chart, Drawn } from "./chart";
import { Badge, Icon } from "./mark";

export function words(inline: Inline, between = " "): string {
  return (Array.isArray(inline) ? inline : [inline]).map((p) => (typeof p === "string" ? p : p.text)).join(between);
}

function piece(p: Piece, i: number): ComponentChildren {
  if (typeof p === "string") return p;
  if (p.type === "badge") return <Badge key={i} tone={p.tone}>{p.text}</Badge>;
  if (p.type === "link") return p.text;
  if (p.style === "strong") return <strong key={i}>{p.text}</strong>;
  if (p.style === "code") return <code key={i}>{p.text}</code>;
  return <span key={i} class={p.style}>{p.text}</span>;
}

export function Text({ of }: { of: Inline }) {
  return <>{(Array.isArray(of) ? of : [of]).map(piece)}</>;
}

/** A sentence with its commands, which stand between backticks, as code. */
export function Coded({ text }: { text: string }) {
  const parts = text.split("`");
  if (parts.length < 3 || parts.length % 2 === 0) return <>{text}</>;
  return <>{parts.map((part, i) => (i % 2 ? <code key={i}>{part}</code> : part))}</>;
}

export function TableView({ of }: { of: TableBlock }) {
  const name = of.caption || of.columns.map((c) => c.title).join(" / ");
  return (
    <>
      <div class="scroll" role="group" tabIndex={0} aria-label={name}>
        <table>
          {of.caption && <caption>{of.caption}</caption>}
          <thead>
            <tr>{of.columns.map((c, i) => <th key={i} scope="col" class={c.numeric ? "num" : ""}>{c.title}</th>)}</tr>
          </thead>
          <tbody>
            {of.rows.map((row, i) => (
              <tr key={i}>
                {row.map((cell, j) =>
                  j === 0
                    ? <th key={j} scope="row"><Text of={cell} /></th>
                    : <td key={j} class={of.columns[j]?.numeric ? "num" : ""}><Text of={cell} /></td>,
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {of.notes.map((note, i) => <p key={i} class="note">{note}</p>)}
    </>
  );
}

export function FigureView({ of }: { of: FigureBlock }) {
  return (
    <Chart
      title={of.title}
      head={of.table.columns.map((c) => c.title)}
      rows={of.table.rows.map((row) => row.map((cell) => words(cell)))}
      table={<TableView of={of.table} />}
    >
      <Drawn svg={of.svg} narrow={of.narrow} />
    </Chart>
  );
}

export function BlockView({ of }: { of: Block }) {
  switch (of.type) {
    case "heading":
      return of.level === 2 ? <h2>{of.text}</h2> : <h3>{of.text}</h3>;
    case "paragraph":
      return <p class={of.lead ? "lead" : ""}><Text of={of.text} /></p>;
    case "banner":
      return (
        <div class={`banner ${of.tone}`}>
          <p class="word"><Icon tone={of.tone} />{of.word}</p>
          <p class="why"><Coded text={of.why} /></p>
          <p class="subject">{of.subject}</p>
        </div>
      );
    case "callout":
      return (
        <div class={`callout ${of.severity}`} role="note">
          <p class="title"><strong>{of.title}</strong></p>
          <p><Text of={of.text} /></p>
        </div>
      );
    case "table":
      return <TableView of={of} />;
    case "figure":
      return <FigureView of={of} />;
    case "facts":
      return (
        <dl class="facts">
          {of.items.map(([name, text], i) => <div key={i}><dt>{name}</dt><dd><Text of={text} /></dd></div>)}
        </dl>
      );
    case "items":
      return <ul>{of.items.map((item, i) => <li key={i}><Text of={item} /></li>)}</ul>;
    case "details":
      return <details><summary>{of.summary}</summary><Blocks of={of.blocks} /></details>;
  }
}

export function Blocks({ of }: { of: Block[] }) {
  return <>{of.map((block, i) => <BlockView key={i} of={block} />)}</>;
}

/** The blocks under a heading of level 2, without it. */
export function section(blocks: Block[], ...begins: string[]): Block[] {
  const found: Block[] = [];
  let inside = false;
  for (const block of blocks) {
    if (block.type === "heading" && block.level === 2) inside = begins.some((text) => block.text.startsWith(text));
    else if (inside) found.push(block);
  }
  return found;
}

/** The blocks under the heading that says this and no more: of two candidates, one's name may begin with the other's. */
export function exactly(blocks: Block[], heading: string): Block[] {
  const at = blocks.findIndex((b) => b.type === "heading" && b.level === 2 && b.text === heading);
  const rest = at < 0 ? [] : blocks.slice(at + 1);
  const end = rest.findIndex((b) => b.type === "heading" && b.level === 2);
  return end < 0 ? rest : rest.slice(0, end);
}

export function figureOf(blocks: Block[]): FigureBlock | undefined {
  return blocks.find((b): b is FigureBlock => b.type === "figure");
}

export function tableOf(blocks: Block[]): TableBlock | undefined {
  return blocks.find((b): b is TableBlock => b.type === "table");
}
