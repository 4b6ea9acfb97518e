// The organiser's own settings.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { put } from "../api";
import { Checkbox, SelectField, TextField } from "../parts/field";
import { ApiForm } from "../parts/form";
import { showNotice } from "../parts/notices";
import { useSending } from "../parts/send";
import { Submit } from "../parts/submit";
import { to } from "../router";
import { organiser } from "../session";
import type { Organiser } from "../types";
import { languages, t } from "../words";

export function Settings(): JSX.Element | null {
  return organiser.value && <Form known={organiser.value} />;
}

function Form({ known: saved }: { known: Organiser }): JSX.Element {
  const [settings, set] = useState(saved);
  const sending = useSending();
  const { problem, send } = sending;
  const change = (some: Partial<Organiser>): void => set({ ...settings, ...some });
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { organiser_id: _, ...formValues } = settings;
    const body = {
      ...formValues,
      from_email: formValues.from_email || null,
      notify_email: formValues.notify_email || null,
      reply_to: formValues.reply_to || null,
    };
    const saved = await send(async () => (organiser.value = await put<Organiser>("v1/organiser", body)));
    if (saved) showNotice(t("settings.saved"));
  };
  return (
    <>
      <div class="top">
        <h1>{t("settings.title")}</h1>
        <div class="actions">
          <a class="button" href={to("settings", "tokens")}>
            {t("tokens.title")}
          </a>
          <a class="button" href={to("settings", "webhooks")}>
            {t("webhooks.title")}
          </a>
        </div>
      </div>
      <ApiForm of={sending} class="card narrow" submit={save}>
        <TextField
          label={t("settings.name")}
          error={problem?.about("name")}
          required
          maxLength={200}
          value={settings.name}
          change={(name) => change({ name })}
        />
        <TextField
          label={t("settings.zone")}
          hint={t("settings.zoneHint")}
          error={problem?.about("time_zone")}
          required
          list="zones"
          value={settings.time_zone}
          change={(time_zone) => change({ time_zone })}
        />
        <datalist id="zones">
          {Intl.supportedValuesOf("timeZone").map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <TextField
          label={t("settings.from")}
          hint={t("settings.fromHint")}
          error={problem?.about("from_email")}
          type="email"
          value={settings.from_email}
          change={(from_email) => change({ from_email })}
        />
        <TextField
          label={t("settings.notify")}
          hint={t("settings.notifyHint")}
          error={problem?.about("notify_email")}
          type="email"
          value={settings.notify_email}
          change={(notify_email) => change({ notify_email })}
        />
        <TextField
          label={t("settings.replyTo")}
          hint={t("settings.replyToHint")}
          error={problem?.about("reply_to")}
          type="email"
          value={settings.reply_to ?? ""}
          change={(reply_to) => change({ reply_to })}
        />
        <SelectField
          label={t("settings.language")}
          hint={t("settings.languageHint")}
          value={settings.language}
          change={(language) => change({ language })}
          choices={languages.map(({ code, name }) => ({ value: code, name }))}
        />
        <Checkbox
          label={t("settings.groups")}
          hint={t("settings.groupsHint")}
          value={settings.customer_groups}
          change={(customer_groups) => change({ customer_groups })}
        />
        <Checkbox
          label={t("settings.consent")}
          hint={t("settings.consentHint")}
          value={settings.consent_on_drop}
          change={(consent_on_drop) => change({ consent_on_drop })}
        />
        <Submit of={sending} />
      </ApiForm>
    </>
  );
}
