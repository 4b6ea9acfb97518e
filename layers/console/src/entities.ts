// The four types of entities of the catalogue, as in the API.

import type { Answer } from "./answers";
import type { EntityType } from "./types";
import type { Plain } from "./words";

export const KINDS = ["event", "sale_item", "inventory_item", "schedule"] as const;

/** The path segment of each type: v1/{segment}/{id}. */
export const FOLDERS: Readonly<Record<EntityType, string>> = {
  event: "events",
  sale_item: "sale-items",
  inventory_item: "inventory-items",
  schedule: "schedules",
};
export const NAMES: Readonly<Record<EntityType, Plain>> = {
  event: "catalogue.event",
  sale_item: "catalogue.sale_item",
  inventory_item: "catalogue.inventory_item",
  schedule: "catalogue.schedule",
};

type Kinds = Answer<"/v1/schedules/{schedule_id}"> &
  Answer<"/v1/events/{event_id}"> &
  Answer<"/v1/inventory-items/{inventory_item_id}"> &
  Answer<"/v1/sale-items/{sale_item_id}">;
/** The properties of all types; those that a type lacks are absent. */
export type Entity = Pick<Kinds, "name"> & Partial<Kinds>;

export function isKind(word: string): word is EntityType {
  return (KINDS as readonly string[]).includes(word);
}

const MAX_ID_LENGTH = 64;

/** An id suggested by a name, with characters that are valid in every id. */
export function idFrom(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const spelled = plain.replace(/ø/g, "oe").replace(/æ/g, "ae").replace(/ß/g, "ss").replace(/ł/g, "l");
  return spelled
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, MAX_ID_LENGTH);
}
