// Searches of typeaheads: entities, groups, customers.

import { legible } from "./addresses";
import { at, get, query } from "./api";
import { FOLDERS } from "./entities";
import type { Option } from "./parts/typeahead";
import type { CatalogueMatch, EntityType, Group, Page, Person } from "./types";

const LIMIT = 50;

/** A search for entities of one type, by id or a word of the name. */
export function searchEntities(kind: EntityType): (text: string, signal: AbortSignal) => Promise<readonly Option[]> {
  return async (q, signal) => {
    const page = await get<Page<CatalogueMatch>>(query("v1/catalogue", { q, type: kind, limit: LIMIT }), signal);
    return page.items.map(({ id, name }) => ({ id, name, more: id }));
  };
}

export async function groups(name: string, signal: AbortSignal): Promise<readonly Option[]> {
  const page = await get<Page<Group>>(query("v1/groups", { name, limit: LIMIT }), signal);
  return page.items.map(({ group_id, name }) => ({ id: group_id, name }));
}

export async function people(q: string, signal: AbortSignal): Promise<readonly Option[]> {
  if (!q) return [];
  const page = await get<Page<Person>>(query("v1/customers", { q, limit: 8 }), signal);
  return page.items.map(({ email, name }) => ({ id: email, name: legible(email), ...(name && { more: name }) }));
}

/** The options for these ids with their names; an id that no longer exists is its own name. */
export function findNames(
  kind: EntityType | "group",
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly Option[]> {
  const folder = kind === "group" ? "groups" : FOLDERS[kind];
  const one = async (id: string): Promise<Option> => {
    const { name } = await get<{ name: string }>(at`v1/${folder}/${id}`, signal).catch(() => ({ name: id }));
    return { id, name };
  };
  return Promise.all(ids.map(one));
}
