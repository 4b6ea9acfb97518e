// The effect of an import, in words.

import type { JSX } from "preact";
import type { Import } from "../../imports";
import { ToCustomer } from "../../parts/email";
import { Table } from "../../parts/table";
import { readable } from "../../times";
import { coded, codedAll, labelOf, type Message, t } from "../../words";

const OPEN = 20;
const EFFECTS = [
  "added",
  "changed",
  "revoked",
  "tickets_added",
  "customers_created",
  "names_changed",
  "memberships_added",
  "memberships_lost",
  "removal_dates_left",
  "mails_to_send",
  "orders_added",
  "orders_existing",
] as const;

/** The counts of a reviewed import and what confirming it would do. */
export function inWords(one: Import): readonly string[] {
  const { total, refused } = one.counts;
  const imported = one.counts.would_import ?? one.counts.imported;
  const sentences = [t("effect.rows", { n: total })];
  const ready = coded("rows", "ready", { n: imported }, "");
  sentences.push(refused === 0 ? `${ready}.` : `${ready}, ${coded("rows", "with_problems", { n: refused }, "")}.`);
  for (const word of EFFECTS) {
    const n = one.effect?.[word] ?? 0;
    if (n > 0) sentences.push(t(`effect.${word}`, { n }));
  }
  for (const [group, n] of Object.entries(one.losses ?? {})) sentences.push(t("effect.losses", { group, n }));
  const placesLeft = one.effect?.places_left;
  if (placesLeft !== undefined) sentences.push(t("effect.places_left", { n: placesLeft }));
  const full = one.tickets?.no_capacity ?? 0;
  if (full > 0) sentences.push(t("effect.no_capacity", { n: full }));
  return sentences;
}

/** The lost memberships: those that the API lists, and the number of others. */
export function Losses({ of: one }: { of: Import }): JSX.Element | null {
  const lostMemberships = one.lost_memberships ?? [];
  if (lostMemberships.length === 0) return null;
  const more = (one.effect?.memberships_lost ?? 0) - lostMemberships.length;
  return (
    <details open={lostMemberships.length <= OPEN}>
      <summary>{t("losses.title")}</summary>
      <Table
        caption={t("losses.title")}
        rows={lostMemberships}
        by={({ email, group }) => `${email} ${group}`}
        columns={[
          {
            name: t("customers.email"),
            as: "head",
            cell: ({ email }) => <ToCustomer email={email} />,
          },
          { name: t("customer.group"), cell: ({ group }) => group },
        ]}
      />
      {more > 0 && <p class="hint">{t("losses.more", { n: more })}</p>}
    </details>
  );
}

/** The note with common names of encodings. */
function withNames(message: Message): Message {
  const { encoding } = message.params;
  if (typeof encoding !== "string") return message;
  return { ...message, params: { ...message.params, encoding: labelOf("encoding", encoding, encoding) } };
}

/** The notes of an import. */
export function Notes({ of: one }: { of: Import }): JSX.Element | null {
  const notes = codedAll(
    "note",
    (one.detected?.messages ?? []).map(withNames).map(readable),
    one.detected?.notes ?? [],
  );
  if (notes.length === 0) return null;
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
