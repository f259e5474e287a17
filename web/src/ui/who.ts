import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Session } from "../api/types";

/** Who reads, and what they may do. */
export const Who = createContext<Session>({ name: "", may: [], user: false });

export function useMay(scope: string): boolean {
  return useContext(Who).may.includes(scope);
}
