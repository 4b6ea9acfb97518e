// The search of all lists for entries by their beginning.

import type { JSX } from "preact";
import { at, get, query } from "../../api";
import { useDebounced } from "../../parts/debounce";
import { Email } from "../../parts/email";
import { Loaded, useLoad } from "../../parts/load";
import { Table } from "../../parts/table";
import { to } from "../../router";
import type { Group, Page } from "../../types";
import { number, t } from "../../words";
import type { Entry } from "./entry";

const AT_ONCE = 5;
const OF_A_LIST = 5;

type Match = { readonly group: Group; readonly entry: Entry };

/** The first entries of each list whose code or address begins so. */
export function ListSearch({ q }: { q: string }): JSX.Element {
  const settled = useDebounced(q);
  const matches = useLoad((signal) => onLists(settled, signal), [settled]);
  return (
    <section class="stack">
      <h2>{t("entries.onLists")}</h2>
      <Loaded of={matches} empty={<p>{t("entries.onNone")}</p>}>
        {(rows) => (
          <Table
            caption={t("entries.onLists")}
            rows={rows}
            by={({ group, entry }) =>
              JSON.stringify([group.group_id, entry.code, entry.email, entry.category, entry.seat])
            }
            columns={[
              {
                name: t("customer.group"),
                as: "head",
                cell: ({ group: { group_id, name } }) => (
                  <a href={`${to("groups", group_id)}?${new URLSearchParams({ q: settled })}`}>{name}</a>
                ),
              },
              { name: t("entries.code"), cell: ({ entry: { code } }) => code && <code>{code}</code> },
              { name: t("customers.email"), cell: ({ entry: { email } }) => email && <Email of={email} /> },
              { name: t("check.quantity"), as: "figure", cell: ({ entry: { quantity } }) => number(quantity) },
              { name: t("entries.used"), as: "figure", cell: ({ entry: { used } }) => number(used) },
              { name: t("entries.held"), as: "figure", cell: ({ entry: { held } }) => number(held) },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}

async function onLists(q: string, signal: AbortSignal): Promise<readonly Match[]> {
  const matches: Match[] = [];
  let next: string | null | undefined;
  do {
    const page: Page<Group> = await get<Page<Group>>(
      query("v1/groups", { type: "target", limit: 200, cursor: next ?? undefined }),
      signal,
    );
    for (let first = 0; first < page.items.length; first += AT_ONCE) {
      const some = page.items.slice(first, first + AT_ONCE);
      matches.push(...(await Promise.all(some.map((group) => onList(group, q, signal)))).flat());
    }
    next = page.next;
  } while (next);
  return matches;
}

async function onList(group: Group, q: string, signal: AbortSignal): Promise<readonly Match[]> {
  const path = query(at`v1/groups/${group.group_id}/entries`, { q, limit: OF_A_LIST });
  const page = await get<Page<Entry>>(path, signal);
  return page.items.map((entry) => ({ group, entry }));
}
