// The catalogue: events, sale items, inventory items and schedules, searched while typing.

import type { JSX } from "preact";
import { KINDS, NAMES } from "../../entities";
import { TextField } from "../../parts/field";
import { Loaded, usePages } from "../../parts/load";
import { More, Table } from "../../parts/table";
import { to, useAsked } from "../../router";
import type { CatalogueMatch } from "../../types";
import { t } from "../../words";

export function Catalogue(): JSX.Element {
  const [q, search] = useAsked<string>("q", "");
  const entities = usePages<CatalogueMatch>("v1/catalogue", { q: q.trim() });
  return (
    <>
      <div class="top">
        <h1>{t("catalogue.title")}</h1>
        <div class="actions">
          {KINDS.map((kind) => (
            <a key={kind} class="button" href={to("catalogue", kind)}>
              + {t(NAMES[kind])}
            </a>
          ))}
        </div>
      </div>
      <form class="narrow" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField label={t("catalogue.search")} type="search" maxLength={200} value={q} change={search} />
      </form>
      <Loaded of={entities} empty={<p>{t(q.trim() ? "catalogue.notFound" : "catalogue.none")}</p>}>
        {(page) => (
          <>
            <Table
              caption={t("catalogue.title")}
              rows={page}
              by={(entity) => `${entity.type} ${entity.id}`}
              columns={[
                {
                  name: t("catalogue.name"),
                  as: "head",
                  cell: ({ type, id, name }) => <a href={to("catalogue", type, id)}>{name}</a>,
                },
                { name: t("catalogue.kind"), cell: ({ type }) => t(NAMES[type]) },
                { name: t("catalogue.id"), cell: ({ id }) => <code>{id}</code> },
              ]}
            />
            <More of={entities} />
          </>
        )}
      </Loaded>
    </>
  );
}
