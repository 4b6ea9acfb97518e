// A group: its members, or the entries of a target group.

import type { JSX } from "preact";
import { at, download, query } from "../../api";
import { Email } from "../../parts/email";
import { SelectField, TextField } from "../../parts/field";
import { Loaded, usePages } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { ProblemNotice, useSending } from "../../parts/send";
import { More, Table } from "../../parts/table";
import { to, useAsked } from "../../router";
import type { Group } from "../../types";
import { number, t } from "../../words";
import { MakeCodes } from "./codes";
import { AddEntry, type Entry, EntryActions } from "./entry";
import { whole } from "./export";
import { Frame } from "./frame";
import { Members } from "./members";
import { Uses } from "./uses";

const USED = ["any", "none", "some", "all"] as const;
type Used = (typeof USED)[number];

export function GroupPage({ id }: { id: string }): JSX.Element {
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

function None({ searched }: { searched: boolean }): JSX.Element {
  if (searched) return <p>{t("entries.nothing")}</p>;
  return (
    <p>
      {t("entries.none")} <a href={to("imports")}>{t("entries.import")}</a>
    </p>
  );
}

/** The entries with this use as a file. */
function Download({ group: { group_id, name }, used }: { group: Group; used: Used }): JSX.Element {
  const { busy, problem, send } = useSending();
  const fetched = async (): Promise<void> => {
    const rows = await whole(query(at`v1/groups/${group_id}/export.csv`, { used }));
    if (rows) download(rows, `${name} ${used}.csv`);
    else showNotice(t("groups.exportLater"), "bad");
  };
  return (
    <div class="actions">
      <button type="button" disabled={busy} onClick={() => void send(fetched)}>
        {t("entries.download")}
      </button>
      <ProblemNotice of={problem} />
    </div>
  );
}

function Entries({ group, changed }: { group: Group; changed: () => void }): JSX.Element {
  const [q, search] = useAsked<string>("q", "");
  const [used, choose] = useAsked<Used>("used", "any");
  const parameters = { q: q.trim(), used: used === "any" ? undefined : used };
  const entries = usePages<Entry>(at`v1/groups/${group.group_id}/entries`, parameters);
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
        <SelectField<Used>
          label={t("entries.uses")}
          value={used}
          change={choose}
          choices={USED.map((value) => ({ value, name: t(`entries.uses.${value}`) }))}
        />
      </form>
      {parameters.used && !parameters.q && <Download group={group} used={parameters.used} />}
      <Loaded
        of={entries}
        empty={entries.more ? undefined : <None searched={Boolean(parameters.q || parameters.used)} />}
      >
        {(page) => (
          <>
            <Table
              caption={t("groups.entries")}
              rows={page}
              by={(entry) => JSON.stringify([entry.code, entry.email, entry.category, entry.seat])}
              columns={[
                {
                  name: t("entries.code"),
                  as: "head",
                  cell: (entry) => (entry.code === null ? t("entries.noCode") : <code>{entry.code}</code>),
                },
                { name: t("customers.email"), cell: ({ email }) => (email ? <Email of={email} /> : any(null)) },
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
