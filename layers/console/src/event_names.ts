// The names of events that are spoken of by their ids; each is asked for once in a session.

import { signal } from "@preact/signals";
import { findNames } from "./searches";
import { session } from "./session";

const names = signal<Readonly<Record<string, string>>>({});
const requestedIds = new Set<string>();

/** The name of that event, once it is there; what shows it is then drawn anew. */
export function eventName(id: string): string {
  const key = `${session.value} ${id}`;
  if (!requestedIds.has(key)) {
    requestedIds.add(key);
    void findNames("event", [id], new AbortController().signal).then(([event]) => {
      names.value = { ...names.value, [key]: event?.name ?? id };
    });
  }
  return names.value[key] ?? "…";
}
