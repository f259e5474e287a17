// The frame of every screen: who reads, where they are, and the way elsewhere.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { deleteSession, getSession } from "./api/client";
import type { Session } from "./api/types";
import { Failure, onLost, type Wrong } from "./lib/http";
import { wrongOf } from "./lib/load";
import { followed, go, usePlace } from "./lib/router";
import { LogIn } from "./screens/login";
import { screenAt } from "./screens";
import { Problem } from "./ui/common";
import { Keys, useShortcuts } from "./ui/keys";
import { Glyph, type GlyphName } from "./ui/glyph";
import { Theme } from "./ui/theme";
import { Who } from "./ui/who";

const ROOMS: [string, string, GlyphName][] = [
  ["/", "Overview", "overview"],
  ["/compare", "Compare", "compare"],
  ["/plans", "Plans", "plan"],
  ["/runs", "Runs", "runs"],
  ["/data", "Data", "data"],
  ["/ledger", "Ledger", "ledger"],
  ["/settings", "Settings", "settings"],
];

export function App() {
  const [who, setWho] = useState<Session | null>(null);
  const [known, setKnown] = useState(false);
  const [ended, setEnded] = useState(false);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  useEffect(() => {
    onLost(() => { setWho(null); setEnded(true); });
    const key = new URLSearchParams(location.hash.slice(1)).get("key");
    if (key) {
      setKnown(true);
      return;
    }
    getSession<Session>().then(setWho, (error: unknown) => {
      if (!(error instanceof Failure && error.status === 401)) setWrong(wrongOf(error));
    }).finally(() => setKnown(true));
  }, []);
  if (wrong) return <main class="alone"><Problem of={wrong} again={() => location.reload()} /></main>;
  if (!known) return <main class="alone" aria-busy="true"><h1 class="offstage">Assay</h1></main>;
  if (!who) return <LogIn done={(found) => { setEnded(false); setWho(found); }} ended={ended} />;
  return <Frame who={who} leave={() => void deleteSession().finally(() => setWho(null))} />;
}

function Frame({ who, leave }: { who: Session; leave: () => void }) {
  const { path } = usePlace();
  const [help, setHelp] = useState(false);
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useShortcuts(ROOMS, () => setHelp(true));
  const screen = screenAt(path);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${screen.title} · Assay`;
    setOpen(false);
    // Who uses a keyboard or a screen reader goes on at the top of the new screen.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);
  const at = ROOMS.findLast(([to]) => (to === "/" ? path === "/" : path.startsWith(to)))?.[0] ?? (path.startsWith("/evidence") ? "/plans" : "");
  return (
    <Who.Provider value={who}>
      <div class="frame" onClick={followed}>
        <a class="skip" href="#main">Skip to the content</a>
        <aside class={open ? "side-nav open" : "side-nav"}>
          <div class="brand">
            <a href="/" aria-label="Assay: overview"><Glyph of="brand" /><span>Assay</span></a>
            <button type="button" class="quiet menu" aria-expanded={open} aria-controls="rooms" onClick={() => setOpen(!open)}>Menu</button>
          </div>
          <nav id="rooms" aria-label="Rooms">
            {ROOMS.map(([to, name, glyph]) => (
              <a key={to} href={to} aria-current={at === to ? "page" : undefined}><Glyph of={glyph} />{name}</a>
            ))}
          </nav>
          <div class="below">
            <Theme />
            <button type="button" class="quiet" onClick={() => setHelp(true)}>Keys <kbd>?</kbd></button>
            <p class="who"><span>{who.name}</span><button type="button" class="quiet" onClick={leave}>Log out</button></p>
          </div>
        </aside>
        <main id="main" ref={main} tabIndex={-1}>{screen.show()}</main>
      </div>
      {help && <Keys rooms={ROOMS.map(([, name]) => name)} close={() => setHelp(false)} />}
    </Who.Provider>
  );
}

export function NotThere(): ComponentChildren {
  return (
    <>
      <h1>There is nothing here</h1>
      <p class="lead">No screen has this address. <button type="button" onClick={() => go("/")}>To the overview</button></p>
    </>
  );
}
