// Types of the API that several screens use.

import type { Answer, Body, Item } from "./answers";

export type Page<T> = { readonly items: readonly T[]; readonly next: string | null; readonly message?: string };

export type Organiser = Answer<"/v1/organiser">;

export type Group = Omit<Answer<"/v1/groups/{group_id}">, "rules"> & { readonly rules: Branch | null };
export type GroupType = Group["type"];
export type Duration = NonNullable<Group["lifetime"]>;
export type WelcomeEmail = Group["welcome_email"];
/** The rules of a group, as they are sent. */
export type Branch = Body<"/v1/rules/preview", "post">["rules"];
export type Leaf = Exclude<Branch["rules"][number], Branch>;

export type CatalogueMatch = Item<"/v1/catalogue">;
export type EntityType = CatalogueMatch["type"];

export type Person = Item<"/v1/customers">;

/** A change of a membership or a group, with its author and reason. */
export type AuditEntry = Item<"/v1/groups/{group_id}/history">;
