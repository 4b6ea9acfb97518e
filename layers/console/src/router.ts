// Where in the console the reader is: what stands after the # of the address.

import { signal } from "@preact/signals";

export type Route = { readonly path: readonly string[]; readonly asked: URLSearchParams };

export const route = signal<Route>(read());
addEventListener("hashchange", () => (route.value = read()));

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
