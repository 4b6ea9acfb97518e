// Generation of codes for a target group: a number of them, or one for each person.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { addressesIn } from "../../addresses";
import type { Answer } from "../../answers";
import { at, post } from "../../api";
import { AreaField, Checkbox, TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import { go } from "../../router";
import type { Group } from "../../types";
import { t } from "../../words";
import { Opens } from "./entry";

type Begun = Answer<"/v1/groups/{group_id}/codes", "post">;

const DRAFT = { count: "100", prefix: "", length: "10", emails: "", category: "", seat: "", quantity: "1" };

export function MakeCodes({ group }: { group: Group }): JSX.Element {
  const [draft, set] = useState(DRAFT);
  const [personal, setPersonal] = useState(false);
  const sending = useSending();
  const { problem, send } = sending;
  const emails = addressesIn(draft.emails);
  const change = (some: Partial<typeof DRAFT>): void => set({ ...draft, ...some });
  const about = (field: string): string | undefined => problem?.about(field);
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = {
      ...(personal ? { emails } : { count: Number(draft.count) }),
      prefix: draft.prefix,
      length: Number(draft.length),
      quantity: Number(draft.quantity),
      category: draft.category || null,
      seat: draft.seat || null,
    };
    await send(async () => go("imports", (await post<Begun>(at`v1/groups/${group.group_id}/codes`, body)).import_id));
  };
  return (
    <details class="card">
      <summary>{t("codes.make")}</summary>
      <ApiForm of={sending} submit={make}>
        <p class="hint">{t("codes.about")}</p>
        <Checkbox label={t("codes.personal")} hint={t("codes.personalHint")} value={personal} change={setPersonal} />
        {personal ? (
          <AreaField
            label={t("codes.emails")}
            hint={t("members.found", { n: emails.length })}
            error={about("emails")}
            rows={4}
            value={draft.emails}
            change={(emails) => change({ emails })}
          />
        ) : (
          <TextField
            label={t("codes.count")}
            error={about("count")}
            type="number"
            min={1}
            max={100_000}
            required
            value={draft.count}
            change={(count) => change({ count })}
          />
        )}
        <div class="pair">
          <TextField
            label={t("codes.prefix")}
            hint={t("codes.prefixHint")}
            error={about("prefix")}
            maxLength={20}
            value={draft.prefix}
            change={(prefix) => change({ prefix })}
          />
          <TextField
            label={t("codes.length")}
            hint={t("codes.lengthHint")}
            error={about("length") ?? problem?.because("guessable")}
            type="number"
            min={8}
            max={32}
            required
            value={draft.length}
            change={(length) => change({ length })}
          />
        </div>
        <Opens entry={draft} change={change} about={about} />
        <Submit of={sending} act={t("codes.make")} ready={!personal || emails.length > 0} />
      </ApiForm>
    </details>
  );
}
