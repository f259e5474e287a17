// The address holds the whole state of a screen: its path, and filters, columns and order as a query.

import { useEffect, useState } from "preact/hooks";

export interface Place {
  path: string;
  query: URLSearchParams;
}

const heard = new Set<() => void>();

export function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

export function go(to: string, replace = false): void {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  for (const hear of heard) hear();
  if (!replace) window.scrollTo(0, 0);
}

/** Change some keys of the query; empty ones go. */
export function ask(changes: Record<string, string | readonly string[] | null>, replace = true): void {
  const { path, query } = here();
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) if (one) query.append(name, one as string);
  }
  const text = query.toString();
  go(text ? `${path}?${text}` : path, replace);
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const hear = () => setPlace(here());
    heard.add(hear);
    window.addEventListener("popstate", hear);
    return () => {
      heard.delete(hear);
      window.removeEventListener("popstate", hear);
    };
  }, []);
  return place;
}

/** Links within the page need no reload. */
export function followed(event: MouseEvent): void {
  const link = (event.target as Element).closest?.("a");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || link.target || link.hasAttribute("download")) return;
  if (url.pathname.startsWith("/api/") || link.getAttribute("href")?.startsWith("#")) return;
  event.preventDefault();
  go(url.pathname + url.search + url.hash);
}

export const toPlan = (name: string): string => `/plans/${encodeURIComponent(name)}`;
export const toEvidence = (id: string): string => `/evidence/${id.replace(/^(sha256|blake3):/, "").slice(0, 16)}`;
export const toRun = (id: string): string => `/runs/${encodeURIComponent(id)}`;
