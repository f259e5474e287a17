// Files come by dropping or choosing; each is sent once, and its content names it.

import { useRef, useState } from "preact/hooks";
import { upload, type Wrong } from "../lib/http";
import { wrongOf } from "../lib/load";
import { bytes } from "../lib/format";
import { Problem } from "./common";

export interface Kept {
  name: string;
  digest: string;
  /** In bytes; not said of what the lab has kept. */
  size?: number;
}

export function Drop({ label, hint, multiple = false, kept, done }: {
  label: string;
  hint: string;
  multiple?: boolean;
  kept: Kept[];
  done: (files: Kept[]) => void;
}) {
  const [over, setOver] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const take = async (list: FileList | null | undefined) => {
    const files = [...(list ?? [])].slice(0, multiple ? 100 : 1);
    if (!files.length) return;
    setWrong(null);
    try {
      const sent: Kept[] = [];
      for (const [i, file] of files.entries()) {
        const digest = await upload(file, (s) => setShare((i + s) / files.length));
        sent.push({ name: file.name, digest, size: file.size });
      }
      done(sent);
    } catch (error) {
      setWrong(wrongOf(error));
    }
    setShare(null);
    if (input.current) input.current.value = "";
  };
  return (
    <div
      class={`drop${over ? " over" : ""}${kept.length ? " full" : ""}`}
      onDragOver={(e) => { e.preventDefault(); setOver(true); }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => { e.preventDefault(); setOver(false); void take(e.dataTransfer?.files); }}
    >
      <label>
        <strong>{label}</strong>
        <span class="sub">{kept.length ? kept.map((k) => `${k.name}, ${k.size === undefined ? "kept" : bytes(k.size)}`).join(" · ") : hint}</span>
        <input ref={input} type="file" multiple={multiple} onChange={(e) => void take(e.currentTarget.files)} />
      </label>
      {share !== null && <progress value={share} max={1} aria-label={`Sending ${label}`} />}
      {wrong && <Problem of={wrong} />}
    </div>
  );
}
