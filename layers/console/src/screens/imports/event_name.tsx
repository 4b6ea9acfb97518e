// The name of the event that tickets are for; each is asked for once.

import type { JSX } from "preact";
import { useLoad } from "../../parts/load";
import { named } from "../../searches";
import { session } from "../../session";

const asked = new Map<string, Promise<string>>();

function nameOf(id: string): Promise<string> {
  const key = `${session.value} ${id}`;
  const known =
    asked.get(key) ?? named("event", [id], new AbortController().signal).then(([event]) => event?.name ?? id);
  asked.set(key, known);
  return known;
}

export function EventName({ id }: { id: string }): JSX.Element {
  const name = useLoad(() => nameOf(id), [id]);
  return <>{name.value ?? "…"}</>;
}
