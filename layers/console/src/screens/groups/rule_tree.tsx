// The rules of an automatic group, edited as the tree that they are.

import type { JSX, Ref } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { findNames } from "../../searches";
import type { Branch, Leaf } from "../../types";
import { t } from "../../words";
import {
  type BranchNode,
  confirmed,
  drafted,
  isFork,
  type LeafNode,
  type Node,
  newFork,
  newLeaf,
  replaced,
  unfinished,
} from "./rule_draft";
import { LeafFields } from "./rule_leaf";
import { leafInWords, leaves, type Names, nameKey, rulesInWords } from "./rule_words";

type Props = {
  readonly value: Branch | null;
  /** The confirmed rules, and whether something is still being written. */
  readonly change: (rules: Branch | null, unfinished: boolean) => void;
};

type Editing = {
  readonly names: Names;
  readonly learn: (type: Leaf["type"], id: string, name: string) => void;
  readonly replace: (key: number, by: Node | null) => void;
};

export function RuleTree({ value, change }: Props): JSX.Element {
  const [tree, grow] = useState(() => drafted(value));
  const { names, learn } = useNames(value);
  const put = (next: BranchNode): void => {
    grow(next);
    change(confirmed(next), unfinished(next));
  };
  const editing: Editing = { names, learn, replace: (key, by) => put(replaced(tree, key, by)) };
  const rules = confirmed(tree);
  return (
    <section class="rules" aria-label={t("groups.rules")}>
      <h2>{t("groups.rules")}</h2>
      <Fork fork={tree} editing={editing} set={put} />
      <p class="sentence" role="status">
        {rules ? rulesInWords(rules, names) : t("rule.none")}
      </p>
    </section>
  );
}

function useNames(rules: Branch | null): Pick<Editing, "names" | "learn"> {
  const [names, setNames] = useState<Names>(new Map());
  const learn: Editing["learn"] = (type, id, name) =>
    setNames((names) => new Map([...names, [nameKey(type, id), name]]));
  useEffect(() => {
    const stop = new AbortController();
    for (const { type, id } of rules ? leaves(rules) : []) {
      void findNames(type, [id], stop.signal).then(([one]) => one && !stop.signal.aborted && learn(type, id, one.name));
    }
    return () => stop.abort();
  }, []);
  return { names, learn };
}

type ForkProps = {
  readonly fork: BranchNode;
  readonly editing: Editing;
  readonly set: (fork: BranchNode) => void;
  readonly remove?: () => void;
};

function Fork({ fork, editing, set, remove }: ForkProps): JSX.Element {
  const add = (node: Node): void => set({ ...fork, nodes: [...fork.nodes, node] });
  return (
    <div class="fork" role="group" aria-label={t(fork.operator === "any" ? "rule.any" : "rule.all")}>
      <div class="row">
        <span class="toggle">
          {(["all", "any"] as const).map((operator) => (
            <label key={operator}>
              <input
                type="radio"
                name={`fork-${fork.key}`}
                checked={fork.operator === operator}
                onChange={() => set({ ...fork, operator })}
              />
              <span>{t(operator === "any" ? "rule.any" : "rule.all")}</span>
            </label>
          ))}
        </span>
        {remove && (
          <button type="button" class="plain" onClick={remove}>
            {t("rule.removeFork")}
          </button>
        )}
      </div>
      <ul>
        {fork.nodes.map((node) => (
          <li key={node.key}>
            {isFork(node) ? (
              <Fork
                fork={node}
                editing={editing}
                set={(next) => editing.replace(node.key, next)}
                remove={() => editing.replace(node.key, null)}
              />
            ) : (
              <OneRule node={node} editing={editing} />
            )}
          </li>
        ))}
      </ul>
      <div class="actions">
        <button type="button" onClick={() => add(newLeaf())}>
          + {t("rule.add")}
        </button>
        <button type="button" onClick={() => add(newFork())}>
          + {t("rule.addFork")}
        </button>
      </div>
    </div>
  );
}

function OneRule({ node, editing: { names, learn, replace } }: { node: LeafNode; editing: Editing }): JSX.Element {
  const place = useFocus(node);
  if (node.editing || !node.kept) {
    return (
      <div ref={place}>
        <LeafFields
          leaf={node.kept}
          names={names}
          learn={learn}
          confirm={(leaf) => replace(node.key, { ...node, kept: leaf, editing: false })}
          cancel={() => replace(node.key, node.kept ? { ...node, editing: false } : null)}
        />
      </div>
    );
  }
  const words = leafInWords(node.kept, names);
  return (
    <div ref={place} class="row leaf">
      <span>{words}</span>
      <button
        type="button"
        class="plain"
        aria-label={t("rule.edit", { rule: words })}
        title={t("rule.editShort")}
        onClick={() => replace(node.key, { ...node, editing: true })}
      >
        ✎
      </button>
      <button
        type="button"
        class="plain"
        aria-label={t("rule.remove", { rule: words })}
        onClick={() => replace(node.key, null)}
      >
        ×
      </button>
    </div>
  );
}

/** Opening a rule focuses its first field, and confirming it its edit button. */
function useFocus({ editing, asked }: LeafNode): Ref<HTMLDivElement> {
  const place = useRef<HTMLDivElement>(null);
  const follow = useRef(asked);
  useEffect(() => {
    if (follow.current) place.current?.querySelector<HTMLElement>("select, button")?.focus();
    follow.current = true;
  }, [editing]);
  return place;
}
