// Pictures to take away: a chart with the title, names and legend that the page around it has, in one drawing.

import type { ComponentChildren } from "preact";
import { AxisMarks, StripMarks, type Row, type Scale } from "./forest";

const LINE = 26, LABEL = 13, HEAD = 58;

/** Text that ends where its room does, about; nothing measures text before it is drawn. */
export const cut = (text: string, room: number): string => {
  const most = Math.max(4, Math.floor(room / 6.6));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};

export function Picture({ title, width, height, children }: { title: string; width: number; height: number; children: ComponentChildren }) {
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
      <title>{title}</title>
      <text class="b" font-size={15} x={12} y={24}>{cut(title, width * 0.9)}</text>
      {children}
    </svg>
  );
}

export interface PictureLine {
  label: string;
  figures: string[];
  row: Row;
}

/** A forest plot in one drawing: the name of each row, its figures and its interval, over one axis. */
export function ForestPicture({ title, head, lines, scale, zero = null, margins, ends, axis }: {
  title: string;
  /** Of the names, of each figure, and of the plot. */
  head: string[];
  lines: PictureLine[];
  scale: Scale;
  zero?: number | null;
  margins?: number[];
  ends?: [string, string];
  /** What the numbers beneath are, where the head does not say it. */
  axis?: string;
}) {
  const named = Math.min(360, Math.max(140, 7 * Math.max(...lines.map((l) => l.label.length), 0) + 24));
  const figured = head.slice(1, -1).map((name, j) => Math.min(220, Math.max(64, 7 * Math.max(name.length, ...lines.map((l) => l.figures[j]?.length ?? 0)) + 18)));
  const stops = figured.map((_, j) => named + figured.slice(0, j + 1).reduce((a, b) => a + b, 0));
  const from = (stops.at(-1) ?? named) + 24, plot = 360, width = from + plot + 12;
  const foot = HEAD + lines.length * LINE, height = foot + (ends ? 44 : 30) + (axis ? 16 : 0);
  return (
    <Picture title={title} width={width} height={height}>
      {head.map((name, j) => j === 0 || j === head.length - 1
        ? <text key={name} class="s" font-size={12} x={j ? from + 8 : 12} y={HEAD - 10}>{name}</text>
        : <text key={name} class="s" font-size={12} x={stops[j - 1]} y={HEAD - 10} text-anchor="end">{name}</text>)}
      {lines.map((line, i) => (
        <g key={line.label + i} transform={`translate(0 ${HEAD + i * LINE})`}>
          <line class="grid" x1={12} x2={width - 12} y1={0} y2={0} />
          <text font-size={LABEL} x={12} y={LINE / 2 + 4}>{cut(line.label, named - 12)}</text>
          {line.figures.map((figure, j) => <text key={j} font-size={LABEL} x={stops[j]} y={LINE / 2 + 4} text-anchor="end">{cut(figure, figured[j] ?? 64)}</text>)}
          <g transform={`translate(${from} 0)`}><StripMarks row={line.row} scale={scale} zero={zero} margins={margins} width={plot} height={LINE} /></g>
        </g>
      ))}
      <g transform={`translate(${from} ${foot})`}>
        <AxisMarks scale={scale} width={plot} ends={ends} />
        {axis && <text class="s" font-size={11} x={plot / 2} y={ends ? 50 : 34} text-anchor="middle">{axis}</text>}
      </g>
    </Picture>
  );
}
