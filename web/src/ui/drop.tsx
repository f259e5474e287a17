// Files come by dropping or choosing; each is sent once, and its content names it.

import { useEffect, useRef, useState } from "preact/hooks";
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

const MOST = 100;

export function Drop({ label, hint, kept, done }: {
  label: string;
  hint: string;
  kept: Kept[];
  done: (files: Kept[]) => void;
}) {
  const [over, setOver] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const take = async (list: FileList | null | undefined) => {
    const files = [...(list ?? [])];
    if (!files.length) return;
    setWrong(null);
    if (files.length > MOST) return setWrong({ code: "page", what: `${files.length} files at once`, rule: `at most ${MOST} are taken together`, fix: "drop fewer of them; nothing was taken", where: label });
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
  // A file that misses the field would be opened in place of this page.
  useEffect(() => {
    const missed = (e: DragEvent) => e.preventDefault();
    for (const name of ["dragover", "drop"] as const) window.addEventListener(name, missed);
    return () => { for (const name of ["dragover", "drop"] as const) window.removeEventListener(name, missed); };
  }, []);
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
        <input ref={input} type="file" multiple onChange={(e) => void take(e.currentTarget.files)} />
      </label>
      {share !== null && <progress value={share} max={1} aria-label={`Sending ${label}`} />}
      {wrong && <Problem of={wrong} />}
    </div>
  );
}
