// The route, which is the fragment of the URL.

import { signal } from "@preact/signals";

export type Route = { readonly path: readonly string[]; readonly parameters: URLSearchParams };

export const route = signal<Route>(read());
let asks: (() => Promise<boolean>) | null = null;
addEventListener("hashchange", ({ oldURL }) => (asks ? void stay(oldURL, asks) : arrive()));

/** Set the question before the user leaves, which resolves to whether to leave; null for none. */
export function guard(ask: (() => Promise<boolean>) | null): void {
  asks = ask;
}

function arrive(): void {
  route.value = read();
}

async function stay(here: string, leave: () => Promise<boolean>): Promise<void> {
  const target = location.hash;
  history.replaceState(null, "", here);
  if (!(await leave())) return;
  guard(null);
  location.hash = target;
}

function read(): Route {
  const [path = "", search = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decodeURIComponent), parameters: new URLSearchParams(search) };
}

/** The URL of a screen: to("groups", id). */
export function to(...path: string[]): string {
  return `#/${path.map(encodeURIComponent).join("/")}`;
}

export function go(...path: string[]): void {
  location.hash = to(...path);
}

/** A filter of a list, kept in the URL, so that it survives a reload, going back, and sharing a link. */
export function useAsked<V extends string>(name: string, usual: V): [value: V, change: (value: V) => void] {
  const change = (value: V): void => {
    const { path, parameters: asked } = route.value;
    const all = new URLSearchParams(asked);
    if (value === usual) all.delete(name);
    else all.set(name, value);
    history.replaceState(null, "", all.size > 0 ? `${to(...path)}?${all}` : to(...path));
    arrive();
  };
  return [(route.value.parameters.get(name) ?? usual) as V, change];
}

/** The parameters of a pattern such as `groups/:id` in this path; null if it does not match. */
export function matched(pattern: string, path: readonly string[]): Record<string, string> | null {
  const parts = pattern.split("/");
  if (parts.length !== path.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const here = path[index] ?? "";
    if (part.startsWith(":")) parameters[part.slice(1)] = here;
    else if (part !== here) return null;
  }
  return parameters;
}
