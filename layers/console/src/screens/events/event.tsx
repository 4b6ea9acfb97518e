// An event: its sales, attendance, tickets and orders.

import type { JSX } from "preact";
import type { Answer, Item } from "../../answers";
import { at, get } from "../../api";
import type { Entity } from "../../entities";
import { Bars, Share } from "../../parts/bars";
import { Email, ToCustomer } from "../../parts/email";
import { TextField } from "../../parts/field";
import { Loaded, useLoad, usePages } from "../../parts/load";
import { More, Table } from "../../parts/table";
import { to, useAsked } from "../../router";
import { dateAndTime } from "../../times";
import { number, t } from "../../words";
import { TicketSearch } from "../imports/tickets_and_contacts";

type Attendance = Answer<"/v1/events/{event_id}/attendance">;
export type EventOrder = Item<"/v1/events/{event_id}/orders">;
const FEW = 10;

type Sales = NonNullable<Entity["sales"]>;

export function EventPage({ id, sales }: { id: string; sales: Sales }): JSX.Element {
  return (
    <>
      <div class="tiles">
        <Sold sales={sales} />
        <Came id={id} />
      </div>
      <Tickets id={id} />
      <Orders id={id} />
    </>
  );
}

function Sold({ sales: { capacity, sold, imported } }: { sales: Sales }): JSX.Element {
  return (
    <section class="card stack" aria-labelledby="sold">
      <h2 id="sold">{t("catalogue.sold")}</h2>
      <p class="big">
        {number(sold)}{" "}
        <small>{capacity === null ? t("catalogue.unlimited") : t("event.ofCapacity", { of: number(capacity) })}</small>
      </p>
      {capacity !== null && <Share of={capacity} taken={sold} />}
      <dl class="facts">
        <dt>{t("catalogue.imported")}</dt>
        <dd>{number(imported)}</dd>
      </dl>
    </section>
  );
}

function Came({ id }: { id: string }): JSX.Element {
  const came = useLoad((signal) => get<Attendance>(at`v1/events/${id}/attendance`, signal), [id]);
  return (
    <section class="card stack" aria-labelledby="came">
      <h2 id="came">{t("event.came")}</h2>
      <Loaded of={came}>
        {({ tickets, scanned, hours }) => (
          <>
            <p class="big">
              {number(scanned)} <small>{t("event.ofTickets", { n: tickets })}</small>
            </p>
            <Share of={tickets} taken={scanned} />
            {hours.length > 0 ? (
              <>
                <h3>{t("event.hours")}</h3>
                <Bars caption={t("event.hours")} hours={hours.map(({ start, scanned: n }) => ({ start, n }))} />
              </>
            ) : (
              <p class="hint">{t("event.cameNone")}</p>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Tickets({ id }: { id: string }): JSX.Element {
  return (
    <section class="card stack" aria-labelledby="tickets">
      <div class="top">
        <h2 id="tickets">{t("previous.tickets")}</h2>
        <a class="button" href={to("catalogue", "event", id, "door")}>
          {t("door.title")}
        </a>
      </div>
      <TicketSearch path={at`v1/events/${id}/tickets`} limit={FEW} />
    </section>
  );
}

function Orders({ id }: { id: string }): JSX.Element {
  const [q, find] = useAsked<string>("buyer", "");
  const orders = usePages<EventOrder>(at`v1/events/${id}/orders`, { q: q.trim(), limit: FEW });
  return (
    <section class="card stack" aria-labelledby="orders">
      <h2 id="orders">{t("customer.orders")}</h2>
      <form class="narrow" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField label={t("event.findOrder")} type="search" maxLength={200} value={q} change={find} />
      </form>
      <Loaded of={orders} empty={<p>{t(q.trim() ? "event.noOrder" : "event.noOrders")}</p>}>
        {(page) => (
          <>
            <Table
              caption={t("customer.orders")}
              rows={page}
              by={({ order_id, sale_item_id }) => `${order_id} ${sale_item_id}`}
              columns={[
                {
                  name: t("tickets.buyer"),
                  as: "head",
                  cell: ({ email, name }) => (
                    <>
                      <ToCustomer email={email} name={name} />
                      {name && (
                        <small class="below">
                          <Email of={email} />
                        </small>
                      )}
                    </>
                  ),
                },
                { name: t("customer.order"), cell: ({ order_id }) => <span class="code">{order_id}</span> },
                { name: t("catalogue.sale_item"), cell: ({ sale_item }) => sale_item },
                { name: t("check.quantity"), as: "figure", cell: ({ quantity }) => number(quantity) },
                { name: t("customer.orderedAt"), cell: ({ purchased_at }) => dateAndTime(purchased_at) },
              ]}
            />
            <More of={orders} />
          </>
        )}
      </Loaded>
    </section>
  );
}
