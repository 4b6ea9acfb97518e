// The settings of a group. Its type is shown and cannot be changed.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { at, patch } from "../../api";
import { DurationField, duration, typed } from "../../parts/duration";
import { TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import type { Load } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import { day, instantOf, localOf } from "../../times";
import type { Group } from "../../types";
import { t } from "../../words";
import { Frame } from "./frame";

export function GroupSettings({ id }: { id: string }): JSX.Element {
  return (
    <Frame id={id} part="settings">
      {(group, load) => <Form group={group} load={load} />}
    </Frame>
  );
}

function Form({ group, load }: { group: Group; load: Load<Group> }): JSX.Element {
  const [name, setName] = useState(group.name);
  const [lifetime, setLifetime] = useState(typed(group.lifetime));
  const [expires, setExpires] = useState(group.expires_on ?? "");
  const before = group.starts_at ? localOf(group.starts_at) : "";
  const [starts, setStarts] = useState(before);
  const sending = useSending();
  const { problem, send } = sending;
  const over = group.status !== "active";
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const changes = {
      name,
      ...(group.type !== "target" && { lifetime: duration(lifetime) }),
      ...(!over && { expires_on: expires || null }),
      ...(starts !== before && { starts_at: starts ? instantOf(starts) : null }),
    };
    if (await send(async () => load.set(await patch<Group>(at`v1/groups/${group.group_id}`, changes))))
      showNotice(t("groups.saved"));
  };
  return (
    <ApiForm of={sending} class="card narrow" submit={save}>
      <TextField
        label={t("groups.name")}
        error={problem?.about("name") ?? problem?.because("name_taken")}
        required
        maxLength={200}
        value={name}
        change={setName}
      />
      {group.type !== "target" && (
        <DurationField
          label={t("groups.lifetime")}
          hint={t(group.type === "automatic" ? "groups.lifetimeAutomatic" : "groups.lifetimeManual")}
          error={problem?.about("lifetime")}
          value={lifetime}
          change={setLifetime}
        />
      )}
      <TextField
        label={t("groups.starts")}
        hint={t("groups.startsHint")}
        error={problem?.about("starts_at")}
        type="datetime-local"
        disabled={over}
        value={starts}
        change={setStarts}
      />
      <TextField
        label={t("groups.expires")}
        hint={t("groups.expiresHint")}
        error={problem?.about("expires_on")}
        type="date"
        disabled={over}
        min={day(new Date())}
        value={expires}
        change={setExpires}
      />
      <Submit of={sending} />
    </ApiForm>
  );
}
