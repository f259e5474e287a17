// Requests to the API: one shape for every failure, and what happens while a job runs.

export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

/** The one shape of every error: what is wrong, the rule, what to do. */
export interface Wrong {
  code: string;
  what: string;
  rule: string;
  fix: string;
  where: string;
}

export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly wrong: Wrong,
    readonly problems: Wrong[] = [],
  ) {
    super(wrong.what);
  }
}

const UNREACHED: Wrong = {
  code: "network",
  what: "the server does not answer",
  rule: "the page reads the lab from its server",
  fix: "start it again: assay serve",
  where: "",
};

/** How many answers are kept to be asked again. */
const WATCHED = 3;

/** Who wants to know that nobody is logged in any more. */
let lost: () => void = () => {};
export function onLost(hear: () => void): void {
  lost = hear;
}

export function address(path: string, query: Query): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) asked.append(name, String(one));
  }
  const text = asked.toString();
  return text ? `${path}?${text}` : path;
}

export async function send<T>(method: string, path: string, query: Query = {}, body?: unknown): Promise<T> {
  const answer = await reach(address(path, query), {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
}

const watched = new Map<string, { tag: string; value: unknown }>();

/** What is asked again and again: the same thing as before where the server says that nothing has changed. */
export async function again<T>(path: string, query: Query = {}): Promise<T> {
  const url = address(path, query), known = watched.get(url);
  const answer = await reach(url, { cache: "no-store", headers: known ? { "If-None-Match": known.tag } : {} });
  if (answer.status === 304 && known) return known.value as T;
  const value = (await answer.json()) as T;
  watched.delete(url);
  watched.set(url, { tag: answer.headers.get("ETag") ?? "", value });
  for (const old of watched.keys()) if (watched.size > WATCHED) watched.delete(old);
  return value;
}

/** Keep a file by its content; its digest names it. */
export async function upload(file: File, heard: (share: number) => void): Promise<string> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("PUT", "/api/v1/blobs");
    request.upload.onprogress = (e) => e.lengthComputable && heard(e.loaded / e.total);
    request.onerror = () => fail(new Failure(0, UNREACHED));
    request.onload = () => {
      const said = parsed(request.responseText);
      if (request.status === 201) done((said as { digest: string }).digest);
      else fail(failure(request.status, said));
    };
    request.send(file);
  });
}

export interface Step {
  step: string;
  total: number | null;
  done: number;
}

/** A job until it ends: its steps as they happen, then what came of it. */
export function finished<T>(job: string, heard: (step: Step) => void): Promise<T> {
  return new Promise((done, fail) => {
    const events = new EventSource(`/api/v1/jobs/${job}/events`);
    const end = async () => {
      events.close();
      try {
        const found = await send<{ state: string; result: unknown }>("GET", `/api/v1/jobs/${job}`);
        if (found.state === "failed" || found.state === "cancelled") fail(failure(422, found.result));
        else done(found.result as T);
      } catch (wrong) {
        fail(wrong);
      }
    };
    events.onmessage = (event) => {
      const said = JSON.parse(event.data as string) as Partial<Step> & { state?: string };
      if (said.state) void end();
      else heard(said as Step);
    };
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) void end();
    };
  });
}

async function reach(url: string, asked: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, asked);
  } catch {
    throw new Failure(0, UNREACHED);
  }
  if (answer.ok || answer.status === 304) return answer;
  if (answer.status === 401 && !url.endsWith("/session")) lost();
  throw failure(answer.status, parsed(await answer.text()));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function failure(status: number, said: unknown): Failure {
  const held = said as { error?: Wrong; problems?: Wrong[] };
  const wrong = held?.error ?? { ...UNREACHED, what: `the server answered ${status}` };
  return new Failure(status, wrong, held?.problems ?? []);
}
