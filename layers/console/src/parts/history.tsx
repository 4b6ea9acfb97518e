// The history of memberships of a customer or a group.

import type { JSX } from "preact";
import { to } from "../router";
import { dateAndTime, readable } from "../times";
import type { AuditEntry } from "../types";
import { codedOne, labelOf, listed, t } from "../words";
import { ToCustomer } from "./email";
import { Loaded, usePages } from "./load";
import { type Column, More, Table } from "./table";

type Props = {
  readonly path: string;
  readonly whose: "person" | "group" | "list";
  /** The only group to show. */
  readonly within?: string;
};

const NOTHING = { person: "customer.noHistory", group: "history.noGroup", list: "history.noList" } as const;

export function History({ path, whose, within }: Props): JSX.Element {
  const all = usePages<AuditEntry>(path);
  const deeds = { ...all, value: all.value?.filter(({ group_id }) => !within || group_id === within) };
  const group: Column<AuditEntry> = {
    name: t("customer.group"),
    cell: ({ group_id, group }) => <a href={to("groups", group_id)}>{group ?? group_id}</a>,
  };
  const person: Column<AuditEntry> = {
    name: t("customers.email"),
    cell: ({ email }) => email && <ToCustomer email={email} />,
  };
  return (
    <Loaded of={deeds} empty={deeds.more ? undefined : <p>{t(NOTHING[whose])}</p>}>
      {(entries) => (
        <>
          <Table
            caption={t("customer.history")}
            rows={entries}
            by={(deed) => `${deed.at} ${deed.group_id} ${deed.email ?? ""} ${deed.what}`}
            columns={[
              { name: t("customer.when"), as: "head", cell: (deed) => dateAndTime(deed.at) },
              { name: t("customer.what"), cell: (deed) => <What of={deed} /> },
              ...(whose === "list" ? [] : [whose === "person" ? group : person]),
              { name: t("customer.by"), cell: ({ by }) => labelOf("by", by, by) },
              { name: t("customer.why"), cell: whyOf },
            ]}
          />
          <More of={deeds} />
        </>
      )}
    </Loaded>
  );
}

/** The reason, or the changed settings, of which the API has only a sentence. */
function whyOf({ what, because, reason }: AuditEntry): string {
  if (what !== "group_changed") return codedOne("because", readable(because), reason);
  return listed(reason.split(", ").map((word) => labelOf("value", word, t("value"))));
}

/** The change; for one of a list, with a link to where it can be undone. */
function What({ of: { what, import_id } }: { of: AuditEntry }): JSX.Element {
  const words = labelOf("deed", what, what);
  return what.startsWith("entries_") && import_id ? <a href={to("imports", import_id)}>{words}</a> : <>{words}</>;
}
