// Status by word, colour and shape together, so that colour is never the only sign.

import type { Tone } from "../api/types";

export function Shape({ tone, x = 0, y = 0, size = 5 }: { tone: Tone; x?: number; y?: number; size?: number }) {
  if (tone === "good") return <circle cx={x} cy={y} r={size} class="mark-good" />;
  if (tone === "bad") {
    const r = size + 1;
    return <polygon points={`${x},${y - r} ${x + r},${y} ${x},${y + r} ${x - r},${y}`} class="mark-bad" />;
  }
  if (tone === "unsure") return <circle cx={x} cy={y} r={size - 0.5} class="hollow-unsure" />;
  const half = size - 1.5;
  return <rect x={x - half} y={y - half} width={2 * half} height={2 * half} class={`hollow-${tone}`} />;
}

export function Icon({ tone }: { tone: Tone }) {
  return (
    <svg viewBox="-7 -7 14 14" class="icon" aria-hidden="true">
      <Shape tone={tone} />
    </svg>
  );
}

export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span class={`badge ${tone}`}>
      <Icon tone={tone} />
      {children}
    </span>
  );
}

const STATES: Record<string, Tone> = {
  adopt: "good", iterate: "unsure", stop: "bad", hold: "unsure", frozen: "info",
  supported: "good", refuted: "bad", inconclusive: "unsure", invalid: "muted",
  finished: "good", failed: "bad", running: "info", killed: "bad", dead: "bad", stopped: "unsure", interrupted: "unsure",
};

export const toneOf = (state: string): Tone => STATES[state] ?? "muted";

export function State({ of }: { of: string }) {
  return <Badge tone={toneOf(of)}>{of}</Badge>;
}
