// Types of requests and responses, from `openapi.d.ts`, which `infra.console` generates from the OpenAPI document.

import type { paths } from "../generated/openapi";

type Path = keyof paths;
type Method = "get" | "post" | "put" | "patch" | "delete";
type Json<R> = R extends { readonly content: { readonly "application/json": infer T } } ? T : never;
type Responses<P extends Path, M extends Method> = paths[P][M] extends { readonly responses: infer R } ? R : never;

/** The body of a successful response. */
export type Answer<P extends Path, M extends Method = "get"> = {
  [S in keyof Responses<P, M>]: S extends 200 | 201 | 202 ? Json<Responses<P, M>[S]> : never;
}[keyof Responses<P, M>];

/** An item of a list. */
export type Item<P extends Path> = Answer<P> extends { readonly items: readonly (infer T)[] } ? T : never;

/** The body of a request. */
export type Body<P extends Path, M extends Method> = paths[P][M] extends { readonly requestBody?: infer B }
  ? Json<B>
  : never;
