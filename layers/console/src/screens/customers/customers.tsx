// The customers, searched while a name or e-mail is typed.

import type { JSX } from "preact";
import { ToCustomer } from "../../parts/email";
import { TextField } from "../../parts/field";
import { Loaded, usePages } from "../../parts/load";
import { RelativeTime } from "../../parts/relative_time";
import { More, Table } from "../../parts/table";
import { useAsked } from "../../router";
import type { Person } from "../../types";
import { t } from "../../words";

export function Customers(): JSX.Element {
  const [q, search] = useAsked<string>("q", "");
  const people = usePages<Person>("v1/customers", { q: q.trim() });
  return (
    <>
      <h1>{t("customers.title")}</h1>
      <form class="narrow" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField label={t("customers.search")} type="search" maxLength={200} value={q} change={search} />
      </form>
      <Loaded of={people} empty={<p>{t(q.trim() ? "customers.notFound" : "customers.none")}</p>}>
        {(page) => (
          <>
            <Table
              caption={t("customers.title")}
              rows={page}
              by={(person) => person.email}
              columns={[
                {
                  name: t("customers.email"),
                  as: "head",
                  cell: ({ email }) => <ToCustomer email={email} />,
                },
                { name: t("customers.name"), cell: ({ name }) => name },
                { name: t("customers.since"), cell: ({ created_at }) => <RelativeTime at={created_at} /> },
              ]}
            />
            <More of={people} />
          </>
        )}
      </Loaded>
    </>
  );
}
