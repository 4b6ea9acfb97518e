// The result of an import: imported and refused rows, and the actions that are possible.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { at, download, file, post } from "../../api";
import type { Import } from "../../imports";
import type { Load } from "../../parts/load";
import { ProblemNotice, useSending } from "../../parts/send";
import { to } from "../../router";
import { dateAndTime } from "../../times";
import { coded, codedAll, number, t } from "../../words";
import { Corrections } from "./corrections";
import { Notes } from "./effect";
import { ProblemTable } from "./problems";

export function Outcome({ one, found: load }: { one: Import; found: Load<Import> }): JSX.Element {
  const [mending, setMending] = useState(false);
  const stored = one.status === "complete" || one.status === "partial";
  return (
    <>
      <section class="card stack" aria-labelledby="outcome">
        <h2 id="outcome">{t(one.undone ? "outcome.undone" : `outcome.${one.status as "complete"}`)}</h2>
        {one.reason && <p>{coded("import_page", one.reason, {}, one.detail ?? one.reason)}</p>}
        {one.undone && <TakenBack undone={one.undone} />}
        {(stored || one.counts.total > 0) && <Figures one={one} />}
        {stored && !one.undone && <Notes of={one} />}
        <div class="actions">
          {one.group_id && stored && (
            <a class="button" href={to("groups", one.group_id)}>
              {t("outcome.group")}
            </a>
          )}
          {stored && !one.undone && <Undo one={one} found={load} />}
          <a class="button" href="#/imports">
            {t("outcome.another")}
          </a>
        </div>
      </section>
      {one.refused_file && !mending && <Refused one={one} mend={() => setMending(true)} />}
      {mending && <Corrections one={one} close={() => setMending(false)} />}
    </>
  );
}

function Figures({ one }: { one: Import }): JSX.Element {
  const { total, imported, refused } = one.counts;
  const { tickets, contacts } = one;
  return (
    <dl class="figures">
      <Figure
        name={t("figures.imported")}
        value={t("previous.share", { imported: number(imported), total: number(total) })}
      />
      {refused > 0 && <Figure name={t("figures.refused")} value={number(refused)} />}
      {tickets && (
        <Figure
          name={t("previous.tickets")}
          value={number(tickets.imported ?? 0)}
          href={to("imports", one.import_id, "tickets")}
          more={explained("tickets", tickets)}
        />
      )}
      {contacts && (
        <Figure
          name={t("previous.contacts")}
          value={number(contacts.imported ?? 0)}
          href={to("imports", one.import_id, "contacts")}
          more={explained("contacts", contacts)}
        />
      )}
    </dl>
  );
}

type FigureProps = {
  readonly name: string;
  readonly value: string;
  readonly href?: string;
  readonly more?: readonly string[];
};

function Figure({ name, value, href, more = [] }: FigureProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {href ? <a href={href}>{value}</a> : value}
        {more.map((sentence) => (
          <small key={sentence}>{sentence}</small>
        ))}
      </dd>
    </div>
  );
}

const WHY = { tickets: ["duplicate", "invalid", "no_capacity"], contacts: ["existed", "no_email"] } as const;

/** Why fewer rows were imported than the file has. */
function explained(what: keyof typeof WHY, tally: Readonly<Record<string, number>>): readonly string[] {
  const words = WHY[what].filter((word) => (tally[word] ?? 0) > 0);
  return words.map((word) => t(`tally.${word}`, { n: tally[word] ?? 0 }));
}

function TakenBack({ undone }: { undone: NonNullable<Import["undone"]> }): JSX.Element {
  return (
    <div class="notes">
      <p>{t("undo.at", { when: dateAndTime(undone.at) })}</p>
      {undone.kept.length > 0 && (
        <ul>
          {codedAll("kept", undone.messages, undone.kept).map((kept) => (
            <li key={kept}>{kept}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Undo({ one, found: load }: { one: Import; found: Load<Import> }): JSX.Element {
  const { busy, problem, carryOut } = useSending();
  const undo = (): Promise<void> =>
    carryOut(() => post<Import>(at`v1/imports/${one.import_id}/undo`), {
      ask: { title: t("undo.title"), text: t(`undo.text.${one.kind}`), act: t("undo.act"), danger: true },
      notice: t("undo.done"),
      after: load.again,
    });
  return (
    <>
      <button type="button" class="danger" disabled={busy} onClick={() => void undo()}>
        {t("undo.act")}
      </button>
      <ProblemNotice of={problem} />
    </>
  );
}

function Refused({ one, mend }: { one: Import; mend: () => void }): JSX.Element {
  const { busy, problem, send } = useSending();
  const fetched = async (): Promise<void> => {
    const rows = await file(at`v1/imports/${one.import_id}/refused.csv`);
    if (rows) download(rows, `refused-${one.file_name.replace(/\.\w+$/, "")}.csv`);
  };
  return (
    <section class="card stack" aria-labelledby="refused">
      <div class="top">
        <h2 id="refused">{t("refused.title", { n: one.counts.refused })}</h2>
        <div class="actions">
          <button type="button" disabled={busy} onClick={() => void send(fetched)}>
            {t("refused.download")}
          </button>
          <button type="button" class="main" onClick={mend}>
            {t("refused.mend")}
          </button>
        </div>
      </div>
      <ProblemNotice of={problem} />
      <ProblemTable problems={one.problems ?? []} refused={one.counts.refused} />
    </section>
  );
}
