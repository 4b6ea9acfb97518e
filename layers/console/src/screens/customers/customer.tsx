// A customer: groups, orders, tickets and the history of memberships.

import type { JSX } from "preact";
import type { Answer } from "../../answers";
import { at, get, post, remove } from "../../api";
import { Back } from "../../parts/back";
import { Email } from "../../parts/email";
import { History } from "../../parts/history";
import { Loaded, useLoad } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { ask } from "../../parts/question";
import { RelativeTime } from "../../parts/relative_time";
import { ProblemNotice, useSending } from "../../parts/send";
import { Table } from "../../parts/table";
import { go, to } from "../../router";
import { findNames } from "../../searches";
import { date, dateAndTime, until } from "../../times";
import type { EntityType } from "../../types";
import { listed, number, t } from "../../words";
import type { Order, Profile } from "./profile";

const MAX_NAMED = 30;

type WithNames = { readonly names: (id: string) => string };

export function Customer({ email }: { email: string }): JSX.Element {
  const profile = useLoad((signal) => get<Profile>(at`v1/customers/${email}`, signal), [email]);
  return (
    <>
      <Back place="customers" name="customers.title" />
      <Loaded of={profile}>{(person) => <Person person={person} again={profile.again} />}</Loaded>
    </>
  );
}

function Person({ person, again }: { person: Profile; again: () => void }): JSX.Element {
  const { busy, problem, send, carryOut } = useSending();
  const { email, name } = person;
  const wares = useNames(
    "sale_item",
    person.orders.flatMap((order) => order.lines.map((line) => line.sale_item_id)),
  );
  const events = useNames(
    "event",
    person.tickets.map((ticket) => ticket.event_id),
  );
  const resync = async (): Promise<void> => {
    if (
      !(await ask({ title: t("customer.resync"), text: t("customer.resyncAsk", { email }), act: t("customer.resync") }))
    )
      return;
    let changed = 0;
    const succeeded = await send(async () => {
      changed = (await post<Answer<"/v1/customers/{email}/resync", "post">>(at`v1/customers/${email}/resync`)).changes
        .length;
    });
    if (succeeded) {
      showNotice(changed ? t("customer.resynced", { n: changed }) : t("customer.inStep"));
      again();
    }
  };
  const erase = (): Promise<void> =>
    carryOut(() => remove(at`v1/customers/${email}`), {
      ask: {
        title: t("customer.erase"),
        text: t("customer.eraseAsk", { email }),
        act: t("customer.erase"),
        danger: true,
      },
      notice: t("customer.erased"),
      after: () => go("customers"),
    });
  return (
    <>
      <div class="top">
        <h1>{name || <Email of={email} />}</h1>
        <div class="actions">
          <button type="button" disabled={busy} onClick={() => void resync()}>
            {t("customer.resync")}
          </button>
          <button type="button" class="danger" disabled={busy} onClick={() => void erase()}>
            {t("customer.erase")}
          </button>
        </div>
      </div>
      <ProblemNotice of={problem} />
      <dl class="facts">
        <dt>{t("customers.email")}</dt>
        <dd>
          <Email of={email} />
        </dd>
        <dt>{t("customers.since")}</dt>
        <dd>{date(person.created_at)}</dd>
      </dl>
      <Groups groups={person.groups} />
      <Orders orders={person.orders} names={wares} />
      <Tickets tickets={person.tickets} names={events} />
      <section class="card">
        <h2>{t("customer.history")}</h2>
        <History path={at`v1/customers/${email}/history`} whose="person" />
      </section>
    </>
  );
}

/** The names for these ids once they are loaded; until then the ids. */
function useNames(kind: EntityType, ids: readonly string[]): (id: string) => string {
  const distinctIds = [...new Set(ids)].slice(0, MAX_NAMED);
  const loadedNames = useLoad((signal) => findNames(kind, distinctIds, signal), [distinctIds.join(" ")]);
  const names = new Map(loadedNames.value?.map((one) => [one.id, one.name]));
  return (id) => names.get(id) ?? id;
}

function Groups({ groups }: Pick<Profile, "groups">): JSX.Element {
  return (
    <section class="card">
      <h2>{t("customer.groups")}</h2>
      {groups.length === 0 ? (
        <p>{t("customer.noGroups")}</p>
      ) : (
        <Table
          caption={t("customer.groups")}
          rows={groups}
          by={(group) => group.group_id}
          columns={[
            {
              name: t("customer.group"),
              as: "head",
              cell: ({ group_id, name }) => <a href={to("groups", group_id)}>{name}</a>,
            },
            { name: t("customer.memberSince"), cell: ({ added_at }) => <RelativeTime at={added_at} /> },
            {
              name: t("customer.until"),
              cell: ({ removal_date }) => (removal_date ? until(removal_date) : t("customer.always")),
            },
          ]}
        />
      )}
    </section>
  );
}

function Orders({ orders, names }: Pick<Profile, "orders"> & WithNames): JSX.Element {
  return (
    <section class="card">
      <h2>{t("customer.orders")}</h2>
      {orders.length === 0 ? (
        <p>{t("customer.noOrders")}</p>
      ) : (
        <Table
          caption={t("customer.orders")}
          rows={orders}
          by={(order) => order.order_id}
          columns={[
            { name: t("customer.order"), as: "head", cell: numberOf },
            { name: t("customer.orderedAt"), cell: ({ ordered_at }) => dateAndTime(ordered_at) },
            { name: t("customer.bought"), cell: (order) => bought(order, names) },
          ]}
        />
      )}
    </section>
  );
}

/** The order number that the buyer knows; ids of imported orders are internal. */
function numberOf({ order_id, imported, tickets }: Order): string {
  if (!imported) return order_id;
  const theirs = new Set(tickets.map(({ order }) => order).filter(Boolean));
  return listed([...theirs]) || t("tickets.imported");
}

function bought({ lines, tickets }: Order, names: WithNames["names"]): JSX.Element {
  return (
    <ul class="reasons">
      {lines.map(({ sale_item_id, quantity, refunded }) => (
        <li key={sale_item_id}>
          {number(quantity)} × {names(sale_item_id)}
          {refunded > 0 && <small> {t("customer.refunded", { n: refunded })}</small>}
        </li>
      ))}
      {tickets.length > 0 && <li>{t("customer.imported", { codes: listed(tickets.map(({ code }) => code)) })}</li>}
    </ul>
  );
}

function Tickets({ tickets, names }: Pick<Profile, "tickets"> & WithNames): JSX.Element | null {
  if (tickets.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("customer.tickets")}</h2>
      <Table
        caption={t("customer.tickets")}
        rows={tickets}
        by={(ticket) => ticket.code}
        columns={[
          { name: t("customer.ticket"), as: "head", cell: ({ code }) => <code>{code}</code> },
          { name: t("customer.event"), cell: ({ event_id }) => names(event_id) },
          { name: t("customer.order"), cell: ({ order }) => order },
        ]}
      />
    </section>
  );
}
