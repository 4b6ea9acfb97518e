// What the API answers with, as far as the page reads it.

export type Page<T> = { readonly items: readonly T[]; readonly next: string | null; readonly message?: string };

export type Organiser = {
  readonly organiser_id: string;
  readonly name: string;
  readonly time_zone: string;
  readonly from_email: string;
  readonly notify_email: string;
  readonly customer_groups: boolean;
  readonly consent_on_drop: boolean;
};

export type Duration = { readonly value: number; readonly unit: "days" | "weeks" };

export type GroupType = "target" | "manual" | "automatic";
/** A group as lists of suggestions need it; the screens of groups know more. */
export type GroupName = { readonly group_id: string; readonly name: string; readonly type: GroupType };

export type EntityType = "event" | "sale_item" | "inventory_item" | "schedule";
export type Found = { readonly type: EntityType; readonly id: string; readonly name: string };

/** Something that was done to a membership or a group, by whom and why. */
export type Deed = {
  readonly at: string;
  readonly what: string;
  readonly group_id: string;
  readonly group: string | null;
  readonly email: string | null;
  readonly by: string;
  readonly reason: string;
};
