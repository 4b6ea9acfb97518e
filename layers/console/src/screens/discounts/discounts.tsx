// The list of discounts.

import type { JSX } from "preact";
import type { Item } from "../../answers";
import { TextField } from "../../parts/field";
import { Loaded, usePages } from "../../parts/load";
import { More, Table } from "../../parts/table";
import { to, useAsked } from "../../router";
import { number, percent, t } from "../../words";

export type Discount = Item<"/v1/discounts">;

export function Discounts(): JSX.Element {
  const [q, search] = useAsked<string>("q", "");
  const discounts = usePages<Discount>("v1/discounts", { q: q.trim() });
  return (
    <>
      <div class="top">
        <h1>{t("discounts.title")}</h1>
        <div class="actions">
          <a class="button main" href={to("discounts", "new", "discount")}>
            {t("discounts.new")}
          </a>
        </div>
      </div>
      <form class="narrow" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField label={t("discounts.search")} type="search" maxLength={128} value={q} change={search} />
      </form>
      <Loaded of={discounts} empty={<p>{t(q.trim() ? "discounts.notFound" : "discounts.none")}</p>}>
        {(page) => (
          <>
            <Table
              caption={t("discounts.title")}
              rows={page}
              by={(discount) => discount.code}
              columns={[
                {
                  name: t("discounts.code"),
                  as: "head",
                  cell: ({ code }) => <a href={to("discounts", code)}>{code}</a>,
                },
                { name: t("discounts.worth"), as: "figure", cell: worth },
                {
                  name: t("discounts.groups"),
                  cell: ({ group_ids }) =>
                    group_ids ? t("discounts.nGroups", { n: group_ids.length }) : t("discounts.everybody"),
                },
                {
                  name: t("discounts.items"),
                  cell: ({ sale_item_ids }) =>
                    sale_item_ids ? t("discounts.nItems", { n: sale_item_ids.length }) : t("discounts.everything"),
                },
              ]}
            />
            <More of={discounts} />
          </>
        )}
      </Loaded>
    </>
  );
}

function worth({ percent: off, amount }: Discount): string {
  return off === null ? number(amount ?? 0) : percent(off / 100, 3);
}
