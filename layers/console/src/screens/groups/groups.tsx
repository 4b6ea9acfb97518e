// The list of groups, searched by name, with deleted ones hidden, included or alone.

import type { JSX } from "preact";
import { TYPE_HINTS, TYPE_NAMES, TYPES } from "../../groups";
import { SelectField, TextField } from "../../parts/field";
import { Loaded, usePages } from "../../parts/load";
import { More, Table } from "../../parts/table";
import { to, useAsked } from "../../router";
import type { Group, GroupType } from "../../types";
import { number, t } from "../../words";
import { Expiry, LastSync, MailBadge, State, SwitchedOff } from "./state";

type Deleted = "hide" | "show" | "only";

export function Groups(): JSX.Element {
  const [name, search] = useAsked<string>("name", "");
  const [deleted, choose] = useAsked<Deleted>("deleted", "hide");
  const [type, chooseType] = useAsked<GroupType | "">("type", "");
  const groups = usePages<Group>("v1/groups", { name: name.trim(), deleted, type });
  return (
    <>
      <div class="top">
        <h1>{t("groups.title")}</h1>
        <div class="actions">
          <a class="button main" href={to("groups", "new")}>
            {t("groups.new")}
          </a>
        </div>
      </div>
      <SwitchedOff />
      <form class="pair" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField label={t("groups.search")} type="search" maxLength={200} value={name} change={search} />
        <SelectField<GroupType | "">
          label={t("groups.type")}
          value={type}
          change={chooseType}
          choices={[
            { value: "", name: t("groups.allTypes") },
            ...TYPES.map((one) => ({ value: one, name: t(TYPE_NAMES[one]) })),
          ]}
        />
        <SelectField<Deleted>
          label={t("groups.deletedOnes")}
          value={deleted}
          change={choose}
          choices={[
            { value: "hide", name: t("groups.hide") },
            { value: "show", name: t("groups.show") },
            { value: "only", name: t("groups.only") },
          ]}
        />
      </form>
      <Loaded
        of={groups}
        empty={<p>{t(name.trim() || type || deleted === "only" ? "groups.notFound" : "groups.none")}</p>}
      >
        {(page) => (
          <>
            <Table caption={t("groups.title")} rows={page} by={(group) => group.group_id} columns={columns()} />
            <More of={groups} />
          </>
        )}
      </Loaded>
    </>
  );
}

function columns(): Parameters<typeof Table<Group>>[0]["columns"] {
  return [
    { name: t("groups.name"), as: "head", cell: ({ group_id, name }) => <a href={to("groups", group_id)}>{name}</a> },
    {
      name: t("groups.type"),
      cell: ({ type }) => (
        <span title={t(TYPE_HINTS[type])}>
          {t(TYPE_NAMES[type])} <small class="below">{t(TYPE_HINTS[type])}</small>
        </span>
      ),
    },
    { name: t("groups.state"), cell: (group) => <State group={group} /> },
    { name: t("groups.members"), as: "figure", cell: ({ members }) => number(members) },
    { name: t("groups.lastSync"), cell: (group) => <LastSync group={group} /> },
    { name: t("groups.expires"), cell: (group) => <Expiry group={group} /> },
    { name: t("groups.mail"), cell: (group) => <MailBadge group={group} /> },
  ];
}
