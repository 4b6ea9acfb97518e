// Names of events by id, each fetched once in a session.

import { signal } from "@preact/signals";
import { findNames } from "./searches";
import { session } from "./session";

const names = signal<Readonly<Record<string, string>>>({});
const requestedIds = new Set<string>();

/** The name of the event once it is loaded; reading it subscribes the component to the change. */
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
