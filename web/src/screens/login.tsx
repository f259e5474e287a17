// The way in: the key in the address's fragment, which no server ever sees in a log, or a name and a password.

import { useEffect, useState } from "preact/hooks";
import { postSession } from "../api/client";
import type { Session } from "../api/types";
import type { Wrong } from "../lib/http";
import { wrongOf } from "../lib/load";
import { Problem } from "../ui/common";
import { Glyph } from "../ui/glyph";

export function LogIn({ done, ended }: { done: (who: Session) => void; ended: boolean }) {
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [busy, setBusy] = useState(false);
  const enter = (body: { name?: string; password?: string; key?: string }) => {
    setBusy(true);
    postSession<Session>(body).then(done, (error) => {
      setWrong(wrongOf(error));
      setBusy(false);
    });
  };
  useEffect(() => {
    const key = new URLSearchParams(location.hash.slice(1)).get("key");
    if (!key) return;
    history.replaceState(null, "", location.pathname + location.search);
    enter({ key });
  }, []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    enter({ name: String(form.get("name")), password: String(form.get("password")) });
  };
  return (
    <main class="alone">
      <h1><Glyph of="brand" /> Assay</h1>
      <p class="lead">Is B really better than A, is it safe to ship, and can you prove it?</p>
      {ended && !wrong && <div class="callout info" role="status"><p>Your session has ended. Log in, and you are back where you were.</p></div>}
      {wrong && <Problem of={wrong} />}
      <form onSubmit={submit} aria-busy={busy}>
        <label>Name<input name="name" autocomplete="username" required /></label>
        <label>Password<input name="password" type="password" autocomplete="current-password" required /></label>
        <button class="primary" disabled={busy}>Log in</button>
      </form>
      <p class="note">On your own machine, open the address that <code>assay serve</code> printed: its key lets you in.</p>
    </main>
  );
}
