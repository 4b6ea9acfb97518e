// The entrance list: everybody with a ticket or an order, by name, to be searched, printed and saved.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Item } from "../../answers";
import { at, download, get, query } from "../../api";
import { textOf } from "../../csv";
import type { Entity } from "../../entities";
import { Email } from "../../parts/email";
import { TextField } from "../../parts/field";
import { Loaded, useLoad } from "../../parts/load";
import { Table } from "../../parts/table";
import { to, useAsked } from "../../router";
import { dateAndTime } from "../../times";
import type { Page } from "../../types";
import { language, number, t } from "../../words";
import type { EventOrder } from "./event";

type Ticket = Item<"/v1/events/{event_id}/tickets">;
type Guest = {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  readonly code: string;
  readonly what: string;
  readonly scanned: string;
};

const AT_ONCE = 200;
const SHOWN = 200;

export function DoorList({ id }: { id: string }): JSX.Element {
  const [read, tell] = useState(0);
  const event = useLoad((signal) => get<Entity>(at`v1/events/${id}`, signal), [id]);
  const name = event.value?.name ?? id;
  const list = useLoad((signal) => guests(id, signal, tell), [id]);
  return (
    <>
      <p class="crumbs">
        <a href={to("catalogue")}>{t("catalogue.title")}</a> › <a href={to("catalogue", "event", id)}>{name}</a>
      </p>
      <h1>
        {name} <small class="below">{t("door.title")}</small>
      </h1>
      <p class="subtitle unprinted">{t("door.about")}</p>
      {!list.value && read > 0 && <p role="status">{t("door.reading", { n: read })}</p>}
      <Loaded of={list}>{(all) => <Searched id={id} all={all} />}</Loaded>
    </>
  );
}

function Searched({ id, all }: { id: string; all: readonly Guest[] }): JSX.Element {
  const [q, find] = useAsked<string>("q", "");
  const [whole, show] = useState(false);
  const [printing, print] = useState(false);
  useEffect(() => {
    if (!printing) return;
    globalThis.print();
    print(false);
  }, [printing]);
  const guests = all.filter((guest) => fits(guest, folded(q)));
  const shown = whole || printing ? guests : guests.slice(0, SHOWN);
  return (
    <section class="card stack">
      <div class="actions">
        <button type="button" class="main" disabled={all.length === 0} onClick={() => print(true)}>
          {t("door.print")}
        </button>
        <button type="button" disabled={all.length === 0} onClick={() => download(file(all), `${id}.csv`)}>
          {t("refused.download")}
        </button>
      </div>
      <form class="narrow" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField label={t("door.find")} type="search" maxLength={200} value={q} change={find} />
      </form>
      {guests.length === 0 ? (
        <p class="empty">{t(all.length === 0 ? "door.none" : "door.notFound")}</p>
      ) : (
        <Table caption={t("door.title")} rows={shown} by={({ key }) => key} columns={columns()} />
      )}
      {shown.length < guests.length && (
        <p class="more">
          <button type="button" onClick={() => show(true)}>
            {t("door.whole", { n: guests.length })}
          </button>
        </p>
      )}
    </section>
  );
}

function columns(): Parameters<typeof Table<Guest>>[0]["columns"] {
  return [
    { name: t("contacts.name"), as: "head", cell: ({ name, email }) => name || (email && <Email of={email} />) },
    { name: t("contacts.email"), cell: ({ email }) => email && <Email of={email} /> },
    { name: t("door.code"), cell: ({ code }) => <span class="code">{code}</span> },
    { name: t("customer.bought"), cell: ({ what }) => what },
    { name: t("tickets.scanned"), cell: ({ scanned }) => scanned },
  ];
}

/** All tickets and orders, read page by page. */
async function guests(id: string, signal: AbortSignal, tell: (n: number) => void): Promise<readonly Guest[]> {
  const tickets = await every<Ticket>(at`v1/events/${id}/tickets`, signal, tell);
  const orders = await every<EventOrder>(at`v1/events/${id}/orders`, signal, (n) => tell(tickets.length + n));
  const order = new Intl.Collator(language.value, { numeric: true });
  const labelOf = ({ name, email, code }: Guest): string => name || email || code;
  return [...tickets.map(ofTicket), ...orders.map(ofOrder)].sort((one, other) =>
    order.compare(labelOf(one), labelOf(other)),
  );
}

async function every<T>(path: string, signal: AbortSignal, tell: (n: number) => void): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | null | undefined;
  do {
    const page: Page<T> = await get<Page<T>>(query(path, { limit: AT_ONCE, cursor: cursor ?? undefined }), signal);
    all.push(...page.items);
    tell(all.length);
    cursor = page.next;
  } while (cursor);
  return all;
}

function ofTicket({ code, name, email, ticket_type, seat, scanned_at }: Ticket): Guest {
  const what = [ticket_type, seat].filter(Boolean).join(", ");
  return { key: code, name, email, code, what, scanned: scanned_at ? dateAndTime(scanned_at) : "" };
}

function ofOrder({ order_id, email, name, sale_item_id, sale_item, quantity }: EventOrder): Guest {
  const what = `${number(quantity)} × ${sale_item}`;
  return { key: `${order_id} ${sale_item_id} ${email}`, name, email, code: order_id, what, scanned: "" };
}

function fits({ name, email, code, what }: Guest, searchText: string): boolean {
  return [name, email, code, what].some((text) => folded(text).includes(searchText));
}

function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** The list as a file that a spreadsheet opens: no cell of it runs as a formula. */
function file(all: readonly Guest[]): Blob {
  const names = columns().map(({ name }) => name);
  const rows = all.map(({ name, email, code, what, scanned }) => [name, email, code, what, scanned].map(defused));
  return new Blob([`\uFEFF${textOf([names, ...rows], ",")}`], { type: "text/csv" });
}

function defused(cell: string): string {
  return /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell;
}
