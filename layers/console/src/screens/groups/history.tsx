// All that was done to a group and in it, newest first; or what was done with one person in it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { at } from "../../api";
import { History } from "../../parts/history";
import { Typeahead } from "../../parts/typeahead";
import { to, useAsked } from "../../router";
import { people } from "../../searches";
import { t } from "../../words";
import { Frame } from "./frame";

export function GroupHistory({ id }: { id: string }): JSX.Element {
  return (
    <Frame id={id} part="history">
      {({ type }) => (type === "target" ? <OfList id={id} /> : <OfGroup id={id} />)}
    </Frame>
  );
}

function OfList({ id }: { id: string }): JSX.Element {
  return (
    <>
      <p class="hint">
        {t("history.entries")} <a href={to("groups", id, "versions")}>{t("groups.versions")}</a>
      </p>
      <History path={at`v1/groups/${id}/history`} whose="list" />
    </>
  );
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
