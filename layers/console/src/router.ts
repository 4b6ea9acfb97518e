// Where in the console the reader is: what stands after the # of the address.

import { signal } from "@preact/signals";

export type Route = { readonly path: readonly string[]; readonly asked: URLSearchParams };

export const route = signal<Route>(read());
let asks: (() => Promise<boolean>) | null = null;
addEventListener("hashchange", ({ oldURL }) => (asks ? void stay(oldURL, asks) : arrive()));

/** What is asked before the reader goes elsewhere, answering whether to go; null for nothing. */
export function guard(ask: (() => Promise<boolean>) | null): void {
  asks = ask;
}

function arrive(): void {
  route.value = read();
}

async function stay(here: string, leave: () => Promise<boolean>): Promise<void> {
  const wanted = location.hash;
  history.replaceState(null, "", here);
  if (!(await leave())) return;
  guard(null);
  location.hash = wanted;
}

function read(): Route {
  const [path = "", asked = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decodeURIComponent), asked: new URLSearchParams(asked) };
}

/** The address of a place in the console: to("groups", id). */
export function to(...path: string[]): string {
  return `#/${path.map(encodeURIComponent).join("/")}`;
}

export function go(...path: string[]): void {
  location.hash = to(...path);
}

/** What the names of a pattern such as `groups/:id` stand for in this path; null where it is another one's. */
export function matched(pattern: string, path: readonly string[]): Record<string, string> | null {
  const parts = pattern.split("/");
  if (parts.length !== path.length) return null;
  const named: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const here = path[index] ?? "";
    if (part.startsWith(":")) named[part.slice(1)] = here;
    else if (part !== here) return null;
  }
  return named;
}
