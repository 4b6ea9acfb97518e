// What the API takes and answers, as its document at /openapi.json says: `infra.console` generates `openapi.d.ts` from it.

import type { paths } from "../generated/openapi";

type Path = keyof paths;
type Method = "get" | "post" | "put" | "patch" | "delete";
type Json<R> = R extends { readonly content: { readonly "application/json": infer T } } ? T : never;
type Responses<P extends Path, M extends Method> = paths[P][M] extends { readonly responses: infer R } ? R : never;

/** What a call answers when it did what was asked. */
export type Answer<P extends Path, M extends Method = "get"> = {
  [S in keyof Responses<P, M>]: S extends 200 | 201 | 202 ? Json<Responses<P, M>[S]> : never;
}[keyof Responses<P, M>];

/** One of the items that a list answers. */
export type Item<P extends Path> = Answer<P> extends { readonly items: readonly (infer T)[] } ? T : never;

/** What a call takes. */
export type Body<P extends Path, M extends Method> = paths[P][M] extends { readonly requestBody?: infer B }
  ? Json<B>
  : never;
