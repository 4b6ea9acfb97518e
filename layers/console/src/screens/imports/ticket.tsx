// A single ticket: to test a code before a whole file, or for a guest who is missing in the file.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer } from "../../answers";
import { at, type Problem, post } from "../../api";
import { eventName } from "../../event_names";
import { Back } from "../../parts/back";
import { Radios, TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { showNotice } from "../../parts/notices";
import { ProblemNotice, useSending } from "../../parts/send";
import { Typeahead } from "../../parts/typeahead";
import { searchEntities } from "../../searches";
import { t } from "../../words";
import { TicketList } from "./tickets_and_contacts";

type Scanned = Answer<"/v1/scans", "post">;

export function NewTicket(): JSX.Element {
  const [event, setEvent] = useState({ text: "", id: "" });
  const [turn, setTurn] = useState(0);
  return (
    <>
      <Back place="imports" name="imports.title" />
      <h1>{t("ticket.title")}</h1>
      <section class="card narrow stack">
        <Typeahead
          label={t("wanted.event")}
          hint={t("ticket.tryFirst")}
          required
          value={event.text}
          change={(text, picked) => setEvent({ text, id: picked?.id ?? "" })}
          search={searchEntities("event")}
          only
        />
        {event.id && <Add key={event.id} event={event.id} added={() => setTurn(turn + 1)} />}
      </section>
      {event.id && (
        <section class="card" aria-labelledby="of-event">
          <h2 id="of-event">{t("ticket.ofEvent", { event: event.text })}</h2>
          <TicketList key={`${event.id} ${turn}`} path={at`v1/events/${event.id}/tickets`} imported="true" />
        </section>
      )}
    </>
  );
}

/** The place of an existing ticket with this code. */
function there(problem: Problem | undefined): string | undefined {
  const sentence = problem?.because("duplicate_existing");
  const event = problem?.facts.event_id;
  return sentence && event ? t("ticket.exists", { event: eventName(`${event}`) }) : sentence;
}

function Add({ event, added }: { event: string; added: () => void }): JSX.Element {
  const [ticket, set] = useState({ code: "", name: "", email: "" });
  const [whenFull, setWhenFull] = useState<"continue" | "stop">("stop");
  const [scan, setScan] = useState<Scanned["result"]>();
  const adding = useSending();
  const trying = useSending();
  const change = (some: Partial<typeof ticket>): void => {
    set({ ...ticket, ...some });
    setScan(undefined);
  };
  const add = async (submitted: Event): Promise<void> => {
    submitted.preventDefault();
    const body = { code: ticket.code, when_full: whenFull, name: ticket.name || null, email: ticket.email || null };
    if (await adding.send(() => post(at`v1/events/${event}/tickets`, body))) {
      showNotice(t("ticket.added"));
      setScan(undefined);
      added();
    }
  };
  const tryScan = (): Promise<boolean> =>
    trying.send(async () =>
      setScan((await post<Scanned>("v1/scans", { event_id: event, code: ticket.code, dry_run: true })).result),
    );
  const { problem } = adding;
  return (
    <ApiForm of={adding} submit={add}>
      <TextField
        label={t("tickets.code")}
        hint={t("ticket.codeHint")}
        error={problem?.about("code") ?? there(problem)}
        required
        maxLength={200}
        autoComplete="off"
        value={ticket.code}
        change={(code) => change({ code })}
      />
      <div class="pair">
        <TextField
          label={t("contacts.name")}
          error={problem?.about("name")}
          maxLength={200}
          value={ticket.name}
          change={(name) => change({ name })}
        />
        <TextField
          label={t("contacts.email")}
          error={problem?.about("email")}
          type="email"
          value={ticket.email}
          change={(email) => change({ email })}
        />
      </div>
      <Radios
        legend={t("ticket.whenFull")}
        value={whenFull}
        change={setWhenFull}
        choices={[
          { value: "continue", name: t("ticket.make") },
          { value: "stop", name: t("ticket.refuse") },
        ]}
      />
      <ProblemNotice of={trying.problem} />
      {scan && (
        <div class={`alert ${scan === "accepted" ? "good" : "warn"}`} role="status">
          <p>{t(`scan.${scan}`)}</p>
        </div>
      )}
      <div class="actions">
        <button type="button" disabled={trying.busy || !ticket.code} onClick={() => void tryScan()}>
          {t("ticket.try")}
        </button>
        <button type="submit" class="main" disabled={adding.busy}>
          {t("ticket.add")}
        </button>
      </div>
    </ApiForm>
  );
}
