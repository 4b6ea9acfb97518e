// Groups, as the API tells of them.

import type { Duration, EntityType, GroupType } from "./nouns";
import { organiser } from "./session";
import type { Plain } from "./words";

export type WelcomeEmail = {
  readonly enabled: boolean;
  readonly subject: string;
  readonly header: string;
  readonly greeting: string;
  readonly body: string;
};
export type Leaf = {
  readonly type: EntityType;
  readonly id: string;
  readonly minimum: number;
  readonly within?: Duration | null;
  readonly distinct_events?: number | null;
};
export type Branch = { readonly operator: "any" | "all"; readonly rules: readonly (Leaf | Branch)[] };

export type Group = {
  readonly group_id: string;
  readonly name: string;
  readonly type: GroupType;
  readonly status: "active" | "expired" | "deleted";
  readonly lifetime: Duration | null;
  readonly expires_on: string | null;
  readonly expires_at: string | null;
  readonly last_sync_at: string | null;
  readonly welcome_email: WelcomeEmail;
  readonly members: number;
  readonly rules: Branch | null;
};

export type Member = {
  readonly email: string;
  readonly name: string;
  readonly added_at: string;
  readonly removal_date: string | null;
  readonly reason: string;
};
export type Entry = {
  readonly code: string | null;
  readonly email: string | null;
  readonly category: string | null;
  readonly seat: string | null;
  readonly quantity: number;
  readonly used: number;
  readonly held: number;
};

export const TYPES = ["target", "manual", "automatic"] as const;
export const TYPE_NAMES: Readonly<Record<GroupType, Plain>> = {
  target: "groups.target",
  manual: "groups.manual",
  automatic: "groups.automatic",
};
export const TYPE_HINTS: Readonly<Record<GroupType, Plain>> = {
  target: "groups.targetHint",
  manual: "groups.manualHint",
  automatic: "groups.automaticHint",
};

/** Whether groups of this type cannot be made or changed, since the organiser has switched them off. */
export function switchedOff(type: GroupType): boolean {
  return type !== "target" && organiser.value?.customer_groups === false;
}

export function isBranch(rule: Leaf | Branch): rule is Branch {
  return "operator" in rule;
}
