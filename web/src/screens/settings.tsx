// Who may read and write: users with roles, and tokens for programs.

import { useState } from "preact/hooks";
import { deleteTokensName, deleteUsersName, getTokens, getUsers, patchUsersName, postTokens, postUsers, putSessionPassword } from "../api/client";
import { day, moment } from "../lib/format";
import type { Wrong } from "../lib/http";
import { useLoaded, wrongOf } from "../lib/load";
import { Card, Command, Facts, Page, Problem, Waits } from "../ui/common";
import { useMay, Who } from "../ui/who";
import { useContext } from "preact/hooks";

const ROLES = ["viewer", "scientist", "reviewer", "admin"];
const SCOPES = ["read", "write", "review", "admin"];

export function SettingsScreen() {
  const who = useContext(Who), admin = useMay("admin");
  return (
    <Page title="Settings">
      <Card title="You"><Facts of={[["Name", who.name], ["May", who.may.join(", ")]]} />{who.user && <Password name={who.name} />}</Card>
      {admin ? <><Users /><Tokens /></> : <p class="note">Users and tokens are an admin's work.</p>}
    </Page>
  );
}

const DIFFER: Wrong = { code: "page", what: "the new password was typed in two ways", rule: "", fix: "type it twice alike", where: "" };

/** One's own password; the present one is asked for, since a browser may be left open. */
function Password({ name }: { name: string }) {
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement, held = new FormData(form), password = String(held.get("password"));
    setSaid("");
    if (password !== held.get("again")) {
      setWrong(DIFFER);
      return;
    }
    setBusy(true);
    try {
      await putSessionPassword({ present: String(held.get("present")), password });
      setWrong(null);
      setSaid("Your password is changed; your other sessions have ended.");
      form.reset();
    } catch (error) {
      setWrong(wrongOf(error));
    }
    setBusy(false);
  };
  return (
    <details>
      <summary>Change your password</summary>
      <form class="line" onSubmit={submit} aria-busy={busy}>
        <input name="name" value={name} autocomplete="username" hidden readOnly />
        <label>Present password<input name="present" type="password" required autocomplete="current-password" /></label>
        <label>New password<input name="password" type="password" required autocomplete="new-password" /></label>
        <label>New password, again<input name="again" type="password" required autocomplete="new-password" /></label>
        <button disabled={busy}>Change</button>
      </form>
      {wrong && <Problem of={wrong} />}
      {said && <p class="note" role="status">{said}</p>}
    </details>
  );
}

/** Something is done, then the list is read again. */
function useDone(again: () => void): [Wrong | null, (work: Promise<unknown>) => Promise<void>] {
  const [wrong, setWrong] = useState<Wrong | null>(null);
  return [wrong, (work) => work.then(() => { setWrong(null); again(); }, (error) => setWrong(wrongOf(error)))];
}

function Users() {
  const users = useLoaded("users", () => getUsers<{ users: { name: string; role: string }[] }>());
  const [wrong, done] = useDone(users.again);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement, held = new FormData(form);
    void done(postUsers({ name: String(held.get("name")), password: String(held.get("password")), role: String(held.get("role")) }).then(() => form.reset()));
  };
  return (
    <Card title="Users">
      <Waits on={users}>
        {({ users: all }) => all.length ? (
          <div class="scroll" role="group" tabIndex={0} aria-label="Users">
            <table>
              <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col"><span class="offstage">Remove</span></th></tr></thead>
              <tbody>{all.map((u) => <tr key={u.name}><th scope="row">{u.name}</th><td><select aria-label={`Role of ${u.name}`} value={u.role} onChange={(e) => void done(patchUsersName(u.name, { role: e.currentTarget.value }))}>{ROLES.map((r) => <option key={r}>{r}</option>)}</select></td><td class="num"><button type="button" class="quiet" aria-label={`Remove ${u.name}`} onClick={() => confirm(`Remove ${u.name} and end their sessions?`) && void done(deleteUsersName(u.name))}>remove</button></td></tr>)}</tbody>
            </table>
          </div>
        ) : <><p class="muted">None yet: on this machine the key of <code>assay serve</code> lets you in. With users, the lab can be served to others.</p><Command text="assay user add ada --role admin" /></>}
      </Waits>
      <form class="line" onSubmit={submit}>
        <label>Name<input name="name" required autocomplete="off" /></label>
        <label>Password<input name="password" type="password" required autocomplete="new-password" /></label>
        <label>Role<select name="role">{ROLES.map((r) => <option key={r}>{r}</option>)}</select></label>
        <button>Add</button>
      </form>
      {wrong && <Problem of={wrong} />}
    </Card>
  );
}

interface Token {
  name: string;
  scopes: string[];
  expires: number | string | null;
}

function Tokens() {
  const tokens = useLoaded("tokens", () => getTokens<{ tokens: Token[] }>());
  const [wrong, done] = useDone(tokens.again);
  const [secret, setSecret] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement, held = new FormData(form);
    const body = { name: String(held.get("name")), scopes: held.getAll("scope").map(String), days: Number(held.get("days")) };
    void done(postTokens<{ secret: string }>(body).then((made) => { setSecret(made.secret); form.reset(); }));
  };
  return (
    <Card title="Tokens">
      <p class="note">Programs carry a token; the lab keeps a hash of it alone.</p>
      <Waits on={tokens}>
        {({ tokens: all }) => all.length ? (
          <div class="scroll" role="group" tabIndex={0} aria-label="Tokens">
            <table>
              <thead><tr><th scope="col">Name</th><th scope="col">Scopes</th><th scope="col">Expires</th><th scope="col"><span class="offstage">Revoke</span></th></tr></thead>
              <tbody>{all.map((t, i) => <tr key={t.name + i}><th scope="row">{t.name}</th><td>{t.scopes.join(", ")}</td><td class="date">{typeof t.expires === "number" ? moment(t.expires).slice(0, 10) : day(t.expires)}</td><td class="num"><button type="button" class="quiet" aria-label={`Revoke ${t.name}`} onClick={() => confirm(`Revoke ${t.name}? Programs that carry it are refused from now on.`) && void done(deleteTokensName(t.name))}>revoke</button></td></tr>)}</tbody>
            </table>
          </div>
        ) : <><p class="muted">None yet. A program that logs or judges in a served lab carries one; make it here or in a terminal:</p><Command text="assay token create ci --scope write" /></>}
      </Waits>
      {secret && <div class="callout good" role="status"><p class="title"><strong>Copy it now; it is shown this once</strong></p><p><code>{secret}</code></p></div>}
      <form class="line" onSubmit={submit}>
        <label>Name<input name="name" required autocomplete="off" /></label>
        <fieldset class="chips"><legend>Scopes</legend>{SCOPES.map((s) => <label key={s} class="inline"><input type="checkbox" name="scope" value={s} defaultChecked={s === "read"} />{s}</label>)}</fieldset>
        <label>Days<input name="days" type="number" min={1} max={3650} defaultValue="90" /></label>
        <button>Make</button>
      </form>
      {wrong && <Problem of={wrong} />}
    </Card>
  );
}
