// Rules while they are edited: a tree in which a rule counts only once it is confirmed.

import { isBranch } from "../../groups";
import type { Branch, Leaf } from "../../types";

export type LeafNode = {
  readonly key: number;
  /** The rule as last confirmed; null while it is new. */
  readonly kept: Leaf | null;
  readonly editing: boolean;
  /** Whether the user opened it, so that the focus moves into it. */
  readonly asked: boolean;
};
export type BranchNode = {
  readonly key: number;
  readonly operator: Branch["operator"];
  readonly nodes: readonly Node[];
};
export type Node = LeafNode | BranchNode;

let count = 0;

export function isFork(node: Node): node is BranchNode {
  return "nodes" in node;
}

export function newLeaf(asked = true): LeafNode {
  return { key: ++count, kept: null, editing: true, asked };
}

export function newFork(): BranchNode {
  return { key: ++count, operator: "any", nodes: [newLeaf()] };
}

export function drafted(rules: Branch | null): BranchNode {
  if (!rules) return { key: ++count, operator: "all", nodes: [newLeaf(false)] };
  const nodes = rules.rules.map((rule) =>
    isBranch(rule) ? drafted(rule) : { key: ++count, kept: rule, editing: false, asked: false },
  );
  return { key: ++count, operator: rules.operator, nodes };
}

/** The tree with the node of that key replaced; null removes it. */
export function replaced(tree: BranchNode, key: number, by: Node | null): BranchNode {
  const nodes = tree.nodes.flatMap((node): readonly Node[] => {
    if (node.key === key) return by ? [by] : [];
    return [isFork(node) ? replaced(node, key, by) : node];
  });
  return { ...tree, nodes };
}

/** The rules that are confirmed; null when there are none. */
export function confirmed(tree: BranchNode): Branch | null {
  const rules = tree.nodes.flatMap((node): readonly (Leaf | Branch)[] => {
    const rule = isFork(node) ? confirmed(node) : node.kept;
    return rule ? [rule] : [];
  });
  return rules.length > 0 ? { operator: tree.operator, rules } : null;
}

/** Whether a rule is still being edited. */
export function unfinished(tree: BranchNode): boolean {
  return tree.nodes.some((node) => (isFork(node) ? unfinished(node) : node.editing));
}
