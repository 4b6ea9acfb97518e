// The organiser's tokens, and the sessions that were begun with them.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer, Item } from "../../answers";
import { at, remove, withToken } from "../../api";
import { Back } from "../../parts/back";
import { Radios, TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { Loaded, usePages } from "../../parts/load";
import { RelativeTime } from "../../parts/relative_time";
import { ProblemNotice, useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import { More, Table } from "../../parts/table";
import { day, instantOf, until } from "../../times";
import { t } from "../../words";
import { OneTimeSecret } from "./one_time_secret";

type Token = Item<"/v1/tokens">;
type Session = Item<"/v1/sessions">;
type CreatedToken = Answer<"/v1/tokens", "post">;

const SCOPES = ["checkout", "door", "reader", "organiser"] as const;

export function Tokens(): JSX.Element {
  const tokens = usePages<Token>("v1/tokens");
  const sessions = usePages<Session>("v1/sessions");
  const [createdToken, setMade] = useState<CreatedToken>();
  return (
    <>
      <Back place="settings" name="settings.title" />
      <h1>{t("tokens.title")}</h1>
      {createdToken ? (
        <OneTimeSecret name={createdToken.name} secret={createdToken.token} close={() => setMade(undefined)} />
      ) : (
        <Create
          created={(token) => {
            setMade(token);
            tokens.again();
          }}
        />
      )}
      <Loaded of={tokens}>
        {(list) => (
          <>
            <Table
              caption={t("tokens.title")}
              rows={list}
              by={(token) => token.token_id}
              columns={[
                { name: t("tokens.name"), as: "head", cell: ({ name }) => name },
                { name: t("tokens.scope"), cell: ({ scope }) => t(`scope.${scope}`) },
                { name: t("tokens.created"), cell: ({ created_at }) => created_at && <RelativeTime at={created_at} /> },
                {
                  name: t("tokens.expires"),
                  cell: ({ expires_at }) => (expires_at ? until(expires_at) : t("tokens.never")),
                },
                {
                  name: t("members.actions"),
                  as: "actions",
                  cell: (token) => <Revoke token={token} done={tokens.again} />,
                },
              ]}
            />
            <More of={tokens} />
          </>
        )}
      </Loaded>
      <h2>{t("sessions.title")}</h2>
      <p class="subtitle">{t("sessions.about")}</p>
      <Loaded of={sessions} empty={<p>{t("sessions.none")}</p>}>
        {(list) => (
          <>
            <Table
              caption={t("sessions.title")}
              rows={list}
              by={(session) => session.session_id}
              columns={[
                {
                  name: t("tokens.name"),
                  as: "head",
                  cell: ({ name, current }) => (current ? t("sessions.this", { name }) : name),
                },
                {
                  name: t("sessions.since"),
                  cell: ({ created_at }) => created_at && <RelativeTime at={created_at} />,
                },
                {
                  name: t("members.actions"),
                  as: "actions",
                  cell: (session) => !session.current && <End session={session} done={sessions.again} />,
                },
              ]}
            />
            <More of={sessions} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Create({ created }: { created: (token: CreatedToken) => void }): JSX.Element {
  const [name, setName] = useState("");
  const [scope, setScope] = useState<(typeof SCOPES)[number]>("checkout");
  const [last, setLast] = useState("");
  const [own, setOwn] = useState("");
  const sending = useSending();
  const { problem, send } = sending;
  const create = async (event: Event): Promise<void> => {
    event.preventDefault();
    const request = { name: name.trim(), scope, expires_at: last ? instantOf(`${last}T24:00`) : null };
    await send(async () => created(await withToken<CreatedToken>("POST", "v1/tokens", own, request)));
  };
  return (
    <details class="card narrow">
      <summary>{t("tokens.create")}</summary>
      <ApiForm of={sending} submit={create}>
        <TextField
          label={t("tokens.name")}
          hint={t("tokens.nameHint")}
          error={problem?.about("name")}
          required
          maxLength={100}
          value={name}
          change={setName}
        />
        <Radios
          legend={t("tokens.scope")}
          value={scope}
          change={setScope}
          choices={SCOPES.map((value) => ({ value, name: t(`scope.${value}`), hint: t(`scope.${value}.hint`) }))}
        />
        <TextField
          label={t("tokens.expires")}
          hint={t("tokens.expiresHint")}
          error={problem?.about("expires_at")}
          type="date"
          min={day(new Date())}
          value={last}
          change={setLast}
        />
        <OwnToken value={own} change={setOwn} error={problem?.because("unauthenticated")} />
        <Submit of={sending} act={t("tokens.create")} />
      </ApiForm>
    </details>
  );
}

type OwnProps = {
  readonly value: string;
  readonly change: (value: string) => void;
  readonly error: string | undefined;
};

/** A user who signed in a while ago may have left the screen to somebody else. */
export function OwnToken({ value, change, error }: OwnProps): JSX.Element {
  return (
    <TextField
      label={t("tokens.own")}
      hint={t("tokens.ownHint")}
      error={error}
      type="password"
      autoComplete="off"
      required
      value={value}
      change={change}
    />
  );
}

function Revoke({ token, done }: { token: Token; done: () => void }): JSX.Element {
  const { busy, problem, carryOut } = useSending();
  const revoke = (): Promise<void> =>
    carryOut(() => remove(at`v1/tokens/${token.token_id}`), {
      ask: {
        title: t("tokens.revoke"),
        text: t(token.current ? "tokens.revokeOwn" : "tokens.revokeAsk", { name: token.name }),
        act: t("tokens.revoke"),
        danger: true,
      },
      notice: t("tokens.revoked"),
      after: done,
    });
  return (
    <div class="actions">
      <button
        type="button"
        class="plain"
        disabled={busy}
        aria-label={t("tokens.revokeOne", { name: token.name })}
        onClick={() => void revoke()}
      >
        {t("tokens.revoke")}
      </button>
      <ProblemNotice of={problem} />
    </div>
  );
}

function End({ session, done }: { session: Session; done: () => void }): JSX.Element {
  const { busy, problem, carryOut } = useSending();
  const end = (): Promise<void> =>
    carryOut(() => remove(at`v1/sessions/${session.session_id}`), { notice: t("sessions.ended"), after: done });
  return (
    <div class="actions">
      <button type="button" class="plain" disabled={busy} onClick={() => void end()}>
        {t("sessions.end")}
      </button>
      <ProblemNotice of={problem} />
    </div>
  );
}
