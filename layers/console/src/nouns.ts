// The nouns that several screens speak of, as the API answers them.

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

/** Something that was done to a membership or a group, by whom and why. */
export type Deed = Item<"/v1/groups/{group_id}/history">;
