// The history of a group, newest first, or of one person or entry in it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { at } from "../../api";
import { Email } from "../../parts/email";
import { TextField } from "../../parts/field";
import { History } from "../../parts/history";
import { Loaded, usePages } from "../../parts/load";
import { More, Table } from "../../parts/table";
import { Typeahead } from "../../parts/typeahead";
import { to, useAsked } from "../../router";
import { people } from "../../searches";
import { number, t } from "../../words";
import { Frame } from "./frame";
import { From, type Version } from "./versions";

export function GroupHistory({ id }: { id: string }): JSX.Element {
  return (
    <Frame id={id} part="history">
      {({ type }) => (type === "target" ? <OfList id={id} /> : <OfGroup id={id} />)}
    </Frame>
  );
}

function OfList({ id }: { id: string }): JSX.Element {
  const [entry, find] = useAsked<string>("entry", "");
  return (
    <>
      <form class="narrow" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField
          label={t("history.entry")}
          hint={t("history.entryHint")}
          type="search"
          maxLength={254}
          value={entry}
          change={find}
        />
      </form>
      {entry.trim() ? (
        <OfEntry id={id} entry={entry.trim()} />
      ) : (
        <>
          <p class="hint">
            {t("history.entries")} <a href={to("groups", id, "versions")}>{t("groups.versions")}</a>
          </p>
          <History path={at`v1/groups/${id}/history`} whose="list" />
        </>
      )}
    </>
  );
}

/** The changes of the entries of one code or address. */
function OfEntry({ id, entry }: { id: string; entry: string }): JSX.Element {
  const versions = usePages<Version>(at`v1/groups/${id}/versions`, { entry, limit: 100 });
  const changes = versions.value?.flatMap((version) =>
    (version.changes ?? []).map((change) => ({ ...version, change })),
  );
  return (
    <Loaded of={{ ...versions, value: changes }} empty={versions.more ? undefined : <p>{t("history.noEntry")}</p>}>
      {(page) => (
        <>
          <Table
            caption={t("customer.history")}
            rows={page}
            by={({ version_id, change: { code, email, category, seat } }) =>
              JSON.stringify([version_id, code, email, category, seat])
            }
            columns={[
              { name: t("customer.when"), as: "head", cell: (version) => <From of={version} /> },
              { name: t("customer.what"), cell: ({ change: { change } }) => t(`versions.${change}`) },
              { name: t("entries.code"), cell: ({ change: { code } }) => code && <code>{code}</code> },
              { name: t("customers.email"), cell: ({ change: { email } }) => email && <Email of={email} /> },
              { name: t("check.category"), cell: ({ change: { category } }) => category },
              { name: t("check.seat"), cell: ({ change: { seat } }) => seat },
              { name: t("entries.quantity"), as: "figure", cell: ({ change }) => quantities(change) },
            ]}
          />
          <More of={versions} />
        </>
      )}
    </Loaded>
  );
}

function quantities({ former_quantity, quantity }: NonNullable<Version["changes"]>[number]): string {
  return [former_quantity, quantity].flatMap((n) => (n === null ? [] : [number(n)])).join(" → ");
}

function OfGroup({ id }: { id: string }): JSX.Element {
  const [email, find] = useAsked<string>("person", "");
  const [typed, type] = useState(email);
  return (
    <>
      <form role="search" onSubmit={(event) => event.preventDefault()}>
        <Typeahead
          label={t("history.person")}
          value={typed}
          change={(text, picked) => {
            type(text);
            find(picked?.id ?? "");
          }}
          search={people}
          only={t("customers.notFound")}
        />
      </form>
      {email ? (
        <History key={email} path={at`v1/customers/${email}/history`} whose="group" within={id} />
      ) : (
        <History path={at`v1/groups/${id}/history`} whose="group" />
      )}
    </>
  );
}
