// Which target group a file is the list of; and where there is such a list, what is to become of it.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, query } from "../../api";
import type { Options } from "../../imports";
import type { Group, Page } from "../../nouns";
import { Radios } from "../../parts/field";
import { useSettled } from "../../parts/settled";
import { type Option, Typeahead } from "../../parts/typeahead";
import { t } from "../../words";

const MODES = ["replace", "append", "remove"] as const;
const LIMIT = 200;
const SUGGESTED = 20;

/** The group that has the name of the list; null where the name is free. */
export type ExistingGroup = Group | null;

/** Ask for the group of that name, in whatever case. */
export async function findGroup(name: string, signal?: AbortSignal): Promise<ExistingGroup> {
  const folded = name.trim().toLowerCase();
  if (!folded) return null;
  const page = await get<Page<Group>>(query("v1/groups", { name: folded, limit: LIMIT }), signal);
  return page.items.find((group) => group.name.trim().toLowerCase() === folded) ?? null;
}

/** Why the group takes no list; undefined where it takes one. */
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

export function ForList({ options, change, existing: known, know, asCustomers }: Props): JSX.Element {
  const [all, setAll] = useState<readonly Group[]>([]);
  const name = options.group ?? "";
  const settled = useSettled(name);
  useEffect(() => {
    const stop = new AbortController();
    // Where the answer does not come, the name is asked for again before the file is sent.
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
