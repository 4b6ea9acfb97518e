// Groups, as in the API.

import { organiser } from "./session";
import type { Branch, GroupType, Leaf } from "./types";
import type { Plain } from "./words";

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
