// The welcome mail of a group: edited with a preview, and tested.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer } from "../../answers";
import { at, patch, post } from "../../api";
import { useDebounced } from "../../parts/debounce";
import { Checkbox, Field, TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { Failed, type Load, useLoad, Waiting } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import type { Group, WelcomeEmail } from "../../types";
import { t } from "../../words";
import { Frame } from "./frame";

type Shown = Answer<"/v1/groups/{group_id}/welcome-email/preview", "post">;
type Trial = Answer<"/v1/groups/{group_id}/welcome-email/test", "post">;

export function GroupWelcome({ id }: { id: string }): JSX.Element {
  return (
    <Frame id={id} part="welcome">
      {(group, load) => <Form group={group} load={load} />}
    </Frame>
  );
}

function Form({ group, load }: { group: Group; load: Load<Group> }): JSX.Element {
  const [mail, set] = useState(group.welcome_email);
  const sending = useSending();
  const { busy, problem, send } = sending;
  const change = (some: Partial<WelcomeEmail>): void => set({ ...mail, ...some });
  const path = at`v1/groups/${group.group_id}`;
  const about = (field: string): string | undefined => problem?.about(`welcome_email.${field}`);
  const saved = (welcome_email: WelcomeEmail): Promise<boolean> =>
    send(async () => load.set(await patch<Group>(path, { welcome_email })));
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await saved(mail)) showNotice(t("welcome.saved"));
  };
  const tried = async (): Promise<void> => {
    let to = "";
    // Testing the mail does not switch it on.
    const { enabled } = group.welcome_email;
    if (
      (await saved({ ...mail, enabled })) &&
      (await send(async () => (to = (await post<Trial>(`${path}/welcome-email/test`)).to)))
    )
      showNotice(t("welcome.tried", { to }));
  };
  return (
    <div class="split">
      <ApiForm of={sending} class="card" submit={save}>
        <Checkbox
          label={t("welcome.enabled")}
          hint={t("welcome.enabledHint")}
          value={mail.enabled}
          change={(enabled) => change({ enabled })}
        />
        <p class="hint">{t("welcome.places", { words: "{name}, {group}, {organiser}" })}</p>
        <TextField
          label={t("welcome.subject")}
          error={about("subject")}
          maxLength={200}
          value={mail.subject}
          change={(subject) => change({ subject })}
        />
        <TextField
          label={t("welcome.header")}
          error={about("header")}
          maxLength={200}
          value={mail.header}
          change={(header) => change({ header })}
        />
        <TextField
          label={t("welcome.greeting")}
          error={about("greeting")}
          maxLength={200}
          value={mail.greeting}
          change={(greeting) => change({ greeting })}
        />
        <Field label={t("welcome.body")} error={about("body")}>
          {(tied) => (
            <textarea
              {...tied}
              rows={8}
              maxLength={10_000}
              value={mail.body}
              onInput={(event) => change({ body: event.currentTarget.value })}
            />
          )}
        </Field>
        <Submit of={sending}>
          <button type="button" disabled={busy} onClick={() => void tried()}>
            {t(group.welcome_email.enabled ? "welcome.try" : "welcome.tryFirst")}
          </button>
        </Submit>
      </ApiForm>
      <Preview path={`${path}/welcome-email/preview`} mail={mail} />
    </div>
  );
}

function Preview({ path, mail }: { path: string; mail: WelcomeEmail }): JSX.Element {
  const settled = useDebounced(JSON.stringify(mail));
  const shown = useLoad((signal) => post<Shown>(path, JSON.parse(settled), signal), [settled]);
  return (
    <section class="card letter" aria-label={t("welcome.preview")} aria-busy={shown.loading}>
      <h2>{t("welcome.preview")}</h2>
      {shown.problem ? <Failed problem={shown.problem} /> : shown.value ? <Letter of={shown.value} /> : <Waiting />}
    </section>
  );
}

function Letter({ of: { from, subject, header, greeting, body } }: { of: Shown }): JSX.Element {
  return (
    <>
      <dl class="facts">
        <dt>{t("welcome.from")}</dt>
        <dd>{from}</dd>
        <dt>{t("welcome.subject")}</dt>
        <dd>{subject}</dd>
      </dl>
      <div class="paper">
        <h3>{header}</h3>
        <p>{greeting}</p>
        {body.split("\n").map((line, index) => line.trim() && <p key={index}>{line}</p>)}
      </div>
    </>
  );
}
