// The target group of a file, and what happens to its list if it exists.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, query } from "../../api";
import type { Options } from "../../imports";
import { useDebounced } from "../../parts/debounce";
import { Radios } from "../../parts/field";
import { type Option, Typeahead } from "../../parts/typeahead";
import type { Group, Page } from "../../types";
import { t } from "../../words";

const MODES = ["replace", "append", "remove"] as const;
const LIMIT = 200;
const SUGGESTED = 20;

/** The group with the name of the list; null if the name is free. */
export type ExistingGroup = Group | null;

/** Find the group with that name, in any case. */
export async function findGroup(name: string, signal?: AbortSignal): Promise<ExistingGroup> {
  const folded = name.trim().toLowerCase();
  if (!folded) return null;
  const page = await get<Page<Group>>(query("v1/groups", { name: folded, limit: LIMIT }), signal);
  return page.items.find((group) => group.name.trim().toLowerCase() === folded) ?? null;
}

/** Why the group cannot have a list; undefined if it can. */
export function barred(group: ExistingGroup): string | undefined {
  if (!group) return undefined;
  const { name, type, status } = group;
  if (type !== "target") return t(`wanted.groupOther.${type}`, { name });
  return status === "expired" ? t("wanted.groupExpired", { name }) : undefined;
}

type Props = {
  readonly options: Options;
  readonly change: (some: Options) => void;
  readonly existing: ExistingGroup;
  readonly know: (group: ExistingGroup) => void;
  readonly asCustomers: () => void;
};

export function TargetGroupOptions({ options, change, existing: known, know, asCustomers }: Props): JSX.Element {
  const [all, setAll] = useState<readonly Group[]>([]);
  const name = options.group ?? "";
  const settled = useDebounced(name);
  useEffect(() => {
    const stop = new AbortController();
    // If the search fails, it is repeated before the upload.
    findGroup(settled, stop.signal).then(know, () => undefined);
    return () => stop.abort();
  }, [settled]);
  const search = async (text: string, signal: AbortSignal): Promise<readonly Option[]> => {
    const page = await get<Page<Group>>(query("v1/groups", { name: text, type: "target", limit: SUGGESTED }), signal);
    setAll(page.items);
    return page.items.map((group) => ({ id: group.group_id, name: group.name }));
  };
  const why = barred(known);
  return (
    <>
      <Typeahead
        label={t("wanted.group")}
        hint={name.trim() && !why ? t(known ? "wanted.groupExists" : "wanted.groupNew") : undefined}
        error={why}
        required
        value={name}
        change={(group, picked) => {
          change({ group, mode: null });
          know(all.find(({ group_id }) => group_id === picked?.id) ?? null);
        }}
        search={search}
      />
      {known?.type === "manual" && (
        <p>
          <button type="button" onClick={asCustomers}>
            {t("wanted.asCustomers")}
          </button>
        </p>
      )}
      {known && !why && (
        <Radios
          legend={t("wanted.mode")}
          required
          value={options.mode === "create" ? "" : (options.mode ?? "")}
          change={(mode) => change({ mode })}
          choices={MODES.map((value) => ({ value, name: t(`mode.${value}`), hint: t(`mode.${value}.hint`) }))}
        />
      )}
    </>
  );
}
