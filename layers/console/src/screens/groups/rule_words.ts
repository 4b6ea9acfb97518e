// Rules in words.

import { isBranch } from "../../groups";
import { inWords } from "../../parts/duration";
import type { Branch, EntityType, Leaf } from "../../types";
import { language, t } from "../../words";

/** The names of entities, by type and id. */
export type Names = ReadonlyMap<string, string>;

export function nameKey(type: EntityType, id: string): string {
  return `${type} ${id}`;
}

/** "at least 2 of the event Gala, within 3 weeks". */
export function leafInWords({ type, id, minimum, within, distinct_events }: Leaf, names: Names): string {
  const name = names.get(nameKey(type, id)) ?? id;
  const parts = [t(`rule.${type}`, { n: minimum, name })];
  if (distinct_events) parts.push(t("rule.distinct", { n: distinct_events }));
  if (within) parts.push(t("rule.within", { length: inWords(within) }));
  return parts.join(", ");
}

/** The whole tree as one sentence. */
export function rulesInWords(rules: Branch, names: Names): string {
  return t("rule.sentence", { rules: branchInWords(rules, names) });
}

function branchInWords({ operator, rules }: Branch, names: Names): string {
  const parts = rules.map((rule) => (isBranch(rule) ? nested(rule, names) : leafInWords(rule, names)));
  const type = operator === "all" ? "conjunction" : "disjunction";
  return new Intl.ListFormat(language.value, { type }).format(parts);
}

function nested(rule: Branch, names: Names): string {
  const words = branchInWords(rule, names);
  return rule.rules.length > 1 ? `(${words})` : words;
}

/** Every single rule of the tree. */
export function leaves(rules: Branch): readonly Leaf[] {
  return rules.rules.flatMap((rule) => (isBranch(rule) ? leaves(rule) : [rule]));
}
