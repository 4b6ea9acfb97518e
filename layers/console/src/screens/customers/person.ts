// A customer, as the API tells of one.

import type { GroupType } from "../../nouns";

export type Person = { readonly email: string; readonly name: string; readonly created_at: string };
export type Belonging = {
  readonly group_id: string;
  readonly name: string;
  readonly type: GroupType;
  readonly added_at: string;
  readonly removal_date: string | null;
};
export type Ticket = { readonly code: string; readonly event_id: string; readonly order_id: string };
export type OrderLine = { readonly sale_item_id: string; readonly event_id: string; readonly quantity: number; readonly refunded: number };
export type Order = {
  readonly order_id: string;
  readonly ordered_at: string;
  readonly imported: boolean;
  readonly lines: readonly OrderLine[];
  readonly tickets: readonly string[];
};
export type Profile = Person & {
  readonly groups: readonly Belonging[];
  readonly orders: readonly Order[];
  readonly tickets: readonly Ticket[];
};
