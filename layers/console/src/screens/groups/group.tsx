// One group: who is in it, or for a target group, what stands on its list.

import type { JSX } from "preact";
import { at } from "../../api";
import type { Group } from "../../nouns";
import { SelectField, TextField } from "../../parts/field";
import { Loaded, usePages } from "../../parts/load";
import { More, Table } from "../../parts/table";
import { to, useAsked } from "../../router";
import { number, t } from "../../words";
import { MakeCodes } from "./codes";
import { AddEntry, type Entry, EntryActions } from "./entry";
import { Frame } from "./frame";
import { Members } from "./members";
import { Uses } from "./uses";

type Used = "none" | "some" | "all";

export function OneGroup({ id }: { id: string }): JSX.Element {
  return (
    <Frame id={id} part="">
      {(group, load) =>
        group.type === "target" ? (
          <Entries group={group} changed={load.again} />
        ) : (
          <Members group={group} changed={load.again} />
        )
      }
    </Frame>
  );
}

function Entries({ group, changed }: { group: Group; changed: () => void }): JSX.Element {
  const [q, search] = useAsked<string>("q", "");
  const [used, choose] = useAsked<Used | "">("used", "");
  const entries = usePages<Entry>(at`v1/groups/${group.group_id}/entries`, { q: q.trim(), used });
  const any = (word: string | null): string => word ?? t("check.any");
  const open = group.status === "active";
  const renew = (): void => {
    entries.again();
    changed();
  };
  return (
    <section class="stack">
      {open && <AddEntry group={group} added={renew} />}
      {open && <MakeCodes group={group} />}
      <Uses group={group} />
      <form class="pair" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField label={t("entries.search")} type="search" maxLength={254} value={q} change={search} />
        <SelectField<Used | "">
          label={t("entries.show")}
          value={used}
          change={choose}
          choices={(["", "none", "some", "all"] as const).map((value) => ({
            value,
            name: t(`entries.show.${value || "any"}`),
          }))}
        />
      </form>
      <Loaded
        of={entries}
        empty={
          <p>
            {q.trim() || used ? (
              t(entries.more ? "entries.notYetFound" : "entries.notFound")
            ) : (
              <>
                {t("entries.none")} <a href={to("imports")}>{t("entries.import")}</a>
              </>
            )}
          </p>
        }
      >
        {(found) => (
          <>
            <Table
              caption={t("groups.entries")}
              rows={found}
              by={(entry) => JSON.stringify([entry.code, entry.email, entry.category, entry.seat])}
              columns={[
                {
                  name: t("entries.code"),
                  as: "head",
                  cell: (entry) => (entry.code === null ? any(null) : <code>{entry.code}</code>),
                },
                { name: t("customers.email"), cell: (entry) => any(entry.email) },
                { name: t("check.category"), cell: (entry) => any(entry.category) },
                { name: t("check.seat"), cell: (entry) => any(entry.seat) },
                { name: t("check.quantity"), as: "figure", cell: (entry) => number(entry.quantity) },
                { name: t("entries.used"), as: "figure", cell: (entry) => number(entry.used) },
                { name: t("entries.held"), as: "figure", cell: (entry) => number(entry.held) },
                ...(open
                  ? [
                      {
                        name: t("members.actions"),
                        as: "actions" as const,
                        cell: (entry: Entry) => <EntryActions group={group} entry={entry} done={renew} />,
                      },
                    ]
                  : []),
              ]}
            />
            <More of={entries} />
          </>
        )}
      </Loaded>
    </section>
  );
}
