// Line drawings for the rooms of the lab.

const DRAWN = {
  brand: "M12 3v18M4 8h9M11 16h9",
  overview: "M4 5h7v6H4zM13 5h7v4h-7zM13 11h7v8h-7zM4 13h7v6H4z",
  compare: "M5 19V9M10 19V5M15 19v-7M20 19V8",
  plan: "M6 4h9l4 4v12H6zM14 4v5h5M9 13h7M9 16.5h5",
  runs: "M4 18l5-7 4 4 7-10M4 21h16",
  data: "M5 6c0-1.7 14-1.7 14 0v12c0 1.7-14 1.7-14 0zM5 6c0 1.7 14 1.7 14 0M5 12c0 1.7 14 1.7 14 0",
  ledger: "M9.5 14.5l5-5M8 11l-2.5 2.5a3.5 3.5 0 005 5L13 16M11 8l2.5-2.5a3.5 3.5 0 015 5L16 13",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
} as const;

export type GlyphName = keyof typeof DRAWN;

export function Glyph({ of }: { of: GlyphName }) {
  return (
    <svg viewBox="0 0 24 24" class={of === "brand" ? "glyph logo" : "glyph"} aria-hidden="true">
      <path d={DRAWN[of]} />
      {of === "brand" && <><circle cx="8.5" cy="8" r="2.4" /><circle cx="15.5" cy="16" r="2.4" /></>}
    </svg>
  );
}
