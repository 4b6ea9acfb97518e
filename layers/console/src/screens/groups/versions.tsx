// The versions of a target group's list: scheduled, current and former ones.

import type { JSX } from "preact";
import type { Item } from "../../answers";
import { at, download, post, remove } from "../../api";
import { Badge, type Tone } from "../../parts/badge";
import { type Load, Loaded, usePages } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { ProblemNotice, useSending } from "../../parts/send";
import { type Column, More, Table } from "../../parts/table";
import { to } from "../../router";
import { dateAndTime } from "../../times";
import type { Group } from "../../types";
import { number, t } from "../../words";
import { whole } from "./export";
import { Frame } from "./frame";

export type Version = Item<"/v1/groups/{group_id}/versions">;

const TONES: Readonly<Record<Version["state"], Tone>> = { current: "good", scheduled: "busy", former: "quiet" };

export function GroupVersions({ id }: { id: string }): JSX.Element {
  return (
    <Frame id={id} part="versions">
      {(group, load) => <Versions group={group} changed={load.again} />}
    </Frame>
  );
}

export function Versions({ group, changed }: { group: Group; changed: Load<Group>["again"] }): JSX.Element {
  const versions = usePages<Version>(at`v1/groups/${group.group_id}/versions`);
  const renew = (): void => {
    versions.again();
    changed();
  };
  const columns: readonly Column<Version>[] = [
    { name: t("versions.when"), as: "head", cell: (version) => <From of={version} /> },
    {
      name: t("groups.state"),
      cell: ({ state }) => <Badge tone={TONES[state]}>{t(`versions.${state}`)}</Badge>,
    },
    { name: t("groups.entries"), as: "figure", cell: ({ entries }) => number(entries) },
    { name: t("versions.added"), as: "figure", cell: ({ added }) => number(added) },
    { name: t("versions.changed"), as: "figure", cell: ({ changed }) => number(changed) },
    { name: t("versions.removed"), as: "figure", cell: ({ removed }) => number(removed) },
    {
      name: t("members.actions"),
      as: "actions",
      cell: (version) => <Actions group={group} version={version} done={renew} />,
    },
  ];
  return (
    <section class="stack">
      <p class="hint">{t("versions.about")}</p>
      <Loaded of={versions} empty={<p>{t("versions.none")}</p>}>
        {(page) => (
          <>
            <Table caption={t("groups.versions")} rows={page} columns={columns} by={({ version_id }) => version_id} />
            <More of={versions} />
          </>
        )}
      </Loaded>
    </section>
  );
}

export function From({ of: { import_id, published_at, publish_at } }: { of: Version }): JSX.Element {
  return <a href={to("imports", import_id)}>{dateAndTime(published_at ?? publish_at ?? "")}</a>;
}

type ActionsProps = { readonly group: Group; readonly version: Version; readonly done: () => void };

function Actions({ group: { group_id, name }, version, done }: ActionsProps): JSX.Element {
  const { busy, problem, send, carryOut } = useSending();
  const { version_id, state, entries } = version;
  const path = at`v1/groups/${group_id}/versions/${version_id}`;
  const when = dateAndTime(version.published_at ?? version.publish_at ?? "");
  const difference = async (): Promise<void> => {
    const rows = await whole(`${path}/diff.csv`);
    if (rows) download(rows, `${name} ${when}.csv`);
    else showNotice(t("groups.exportLater"), "bad");
  };
  const publish = (): Promise<void> => {
    const act = t(state === "scheduled" ? "versions.publishNow" : "versions.publish");
    return carryOut(() => post(`${path}/publish`), {
      ask: { title: act, text: t("versions.publishAsk", { when, n: entries }), act },
      notice: t("versions.published"),
      after: done,
    });
  };
  const drop = (): Promise<void> => {
    const act = t("versions.drop");
    return carryOut(() => remove(path), {
      ask: { title: act, text: t("versions.dropAsk", { when }), act, danger: true },
      notice: t("versions.dropped"),
      after: done,
    });
  };
  return (
    <div class="actions">
      <button
        type="button"
        class="plain"
        disabled={busy}
        aria-label={t("versions.differenceOf", { when })}
        onClick={() => void send(difference)}
      >
        {t("versions.difference")}
      </button>
      {state !== "current" && (
        <button type="button" class="plain" disabled={busy} onClick={() => void publish()}>
          {t(state === "scheduled" ? "versions.publishNow" : "versions.publish")}
        </button>
      )}
      {state === "scheduled" && (
        <button type="button" class="plain" disabled={busy} onClick={() => void drop()}>
          {t("versions.drop")}
        </button>
      )}
      <ProblemNotice of={problem} />
    </div>
  );
}
