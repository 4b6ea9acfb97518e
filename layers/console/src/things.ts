// The catalogue's four kinds of things, as the API tells of them.

import type { EntityType } from "./nouns";
import type { Plain } from "./words";

export const KINDS = ["event", "sale_item", "inventory_item", "schedule"] as const;

/** Where things of a kind are kept: v1/{these}/{id}. */
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

/** What any of them may have: what its kind lacks is absent. */
export type Thing = {
  readonly name: string;
  readonly schedule_id?: string | null;
  readonly capacity?: number | null;
  readonly sales?: { readonly capacity: number | null; readonly sold: number; readonly imported: number };
  readonly event_id?: string;
  readonly inventory_item_id?: string | null;
  readonly category?: string | null;
  readonly group_ids?: readonly string[] | null;
};

export function isKind(word: string): word is EntityType {
  return (KINDS as readonly string[]).includes(word);
}
