// The tickets and contacts of an import.

import type { JSX } from "preact";
import type { Item } from "../../answers";
import { at } from "../../api";
import { Badge } from "../../parts/badge";
import { Email, ToCustomer } from "../../parts/email";
import { TextField } from "../../parts/field";
import { Loaded, usePages } from "../../parts/load";
import { type Column, More, Table } from "../../parts/table";
import { to, useAsked } from "../../router";
import { dateAndTime } from "../../times";
import { number, t } from "../../words";

type Ticket = Item<"/v1/imports/{import_id}/tickets">;
type Contact = Item<"/v1/imports/{import_id}/contacts">;

export function ImportedTickets({ id }: { id: string }): JSX.Element {
  return (
    <>
      <Crumbs id={id} />
      <h1>{t("tickets.title")}</h1>
      <section class="card stack">
        <TicketSearch path={at`v1/imports/${id}/tickets`} none={t("tickets.notOfImport")} />
      </section>
    </>
  );
}

/** Tickets, searched by their code, which is kept in the URL. */
export function TicketSearch(list: Omit<TicketListProps, "code">): JSX.Element {
  const [code, find] = useAsked<string>("code", "");
  return (
    <>
      <form class="narrow" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField
          label={t("tickets.code")}
          hint={t("event.findTicketHint")}
          type="search"
          maxLength={200}
          value={code}
          change={find}
        />
      </form>
      <TicketList {...list} code={code.trim()} />
    </>
  );
}

type TicketListProps = {
  readonly path: string;
  readonly imported?: string;
  readonly code?: string;
  readonly limit?: number;
  /** The text if no ticket has the code. */
  readonly none?: string;
};

export function TicketList({ path, imported, code, limit, none }: TicketListProps): JSX.Element {
  const tickets = usePages<Ticket>(path, { imported, code, limit });
  return (
    <Loaded of={tickets} empty={<p>{code ? (none ?? t("event.noTicket")) : t("tickets.empty")}</p>}>
      {(rows) => (
        <>
          <Table caption={t("tickets.title")} rows={rows} columns={ticketColumns()} by={(ticket) => ticket.code} />
          <More of={tickets} />
        </>
      )}
    </Loaded>
  );
}

function ticketColumns(): readonly Column<Ticket>[] {
  return [
    { name: t("tickets.code"), as: "head", cell: (ticket) => <span class="code">{ticket.code}</span> },
    { name: t("tickets.buyer"), cell: (ticket) => <Buyer of={ticket} /> },
    { name: t("tickets.order"), cell: (ticket) => ticket.order && <span class="code">{ticket.order}</span> },
    { name: t("tickets.from"), cell: (ticket) => <From ticket={ticket} /> },
    { name: t("tickets.scanned"), cell: (ticket) => (ticket.scanned_at ? dateAndTime(ticket.scanned_at) : "") },
  ];
}

function From({ ticket }: { ticket: Ticket }): JSX.Element {
  return (
    <span>
      <Badge tone="warn">{t("tickets.imported")}</Badge>
      <small>{ticket.line === null ? t("tickets.alone") : t("tickets.line", { line: number(ticket.line) })}</small>
    </span>
  );
}

export function ImportedContacts({ id }: { id: string }): JSX.Element {
  const [q, find] = useAsked<string>("q", "");
  const contacts = usePages<Contact>(at`v1/imports/${id}/contacts`, { q: q.trim() });
  return (
    <>
      <Crumbs id={id} />
      <h1>{t("contacts.title")}</h1>
      <p class="subtitle">{t("contacts.hint")}</p>
      <section class="card stack">
        <form class="narrow" role="search" onSubmit={(event) => event.preventDefault()}>
          <TextField label={t("event.findOrder")} type="search" maxLength={254} value={q} change={find} />
        </form>
        <Loaded of={contacts} empty={<p>{t(q.trim() ? "event.noOrder" : "contacts.empty")}</p>}>
          {(rows) => (
            <>
              <Table
                caption={t("contacts.title")}
                rows={rows}
                columns={contactColumns()}
                by={(contact) => contact.email}
              />
              <More of={contacts} />
            </>
          )}
        </Loaded>
      </section>
    </>
  );
}

function contactColumns(): readonly Column<Contact>[] {
  return [
    {
      name: t("contacts.email"),
      as: "head",
      cell: (contact) => <ToCustomer email={contact.email} />,
    },
    { name: t("contacts.name"), cell: (contact) => contact.name },
    { name: t("problems.line"), as: "figure", cell: (contact) => number(contact.line) },
    {
      name: t("contacts.made"),
      cell: (contact) => (
        <Badge tone={contact.created ? "good" : "quiet"}>
          {t(contact.created ? "contacts.created" : "contacts.existed")}
        </Badge>
      ),
    },
  ];
}

function Buyer({ of: { name, email } }: { of: Ticket }): JSX.Element | null {
  if (!name) return email ? <Email of={email} /> : null;
  return (
    <>
      {name}
      {email && (
        <small>
          <Email of={email} />
        </small>
      )}
    </>
  );
}

function Crumbs({ id }: { id: string }): JSX.Element {
  return (
    <p class="crumbs">
      <a href="#/imports">{t("imports.title")}</a> › <a href={to("imports", id)}>{t("imports.one")}</a>
    </p>
  );
}
