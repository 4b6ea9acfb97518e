// A new group. Its type cannot be changed later; nothing exists until it is created.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { at, get, post } from "../../api";
import { switchedOff, TYPE_HINTS, TYPE_NAMES, TYPES } from "../../groups";
import { Back } from "../../parts/back";
import { DurationField, duration, type Typed, typed } from "../../parts/duration";
import { Checkbox, Radios, TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { Loaded, useLoad } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import { go, useAsked } from "../../router";
import { day, instantOf } from "../../times";
import type { Branch, Group, GroupType } from "../../types";
import { t } from "../../words";
import { addAll } from "./add_members";
import { CopyList, membersOf } from "./copy";
import { RuleTree } from "./rule_tree";
import { WouldDo } from "./rules";
import { SwitchedOff } from "./state";

type Draft = {
  readonly name: string;
  readonly type: GroupType | "";
  readonly lifetime: Typed;
  readonly starts: string;
  readonly expires: string;
  readonly rules: Branch | null;
  readonly unfinished: boolean;
};

const BLANK: Draft = {
  name: "",
  type: "",
  lifetime: typed(null),
  starts: "",
  expires: "",
  rules: null,
  unfinished: false,
};

/** A new group, or a copy of the one whose id is in the URL. */
export function NewGroup(): JSX.Element {
  const [like] = useAsked<string>("like", "");
  const first = useLoad((signal) => (like ? get<Group>(at`v1/groups/${like}`, signal) : Promise.resolve(null)), [like]);
  return (
    <>
      <Back place="groups" name="groups.title" />
      <h1>{t("groups.new")}</h1>
      <SwitchedOff />
      <Loaded of={first}>
        {(group) => (group?.type === "target" ? <CopyList list={group} /> : <Form like={group} />)}
      </Loaded>
    </>
  );
}

function Form({ like }: { like: Group | null }): JSX.Element {
  const [group, set] = useState(like ? drafted(like) : BLANK);
  const [members, bring] = useState(like?.type === "manual");
  const sending = useSending();
  const { problem, send } = sending;
  const change = (some: Partial<Draft>): void => set({ ...group, ...some });
  const ready = group.type && (group.type !== "automatic" || (group.rules && !group.unfinished));
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    let created: Group | undefined;
    const act = async (): Promise<void> => {
      created = await post<Group>("v1/groups", body(group));
      if (like && members && group.type === "manual") await addAll(created.group_id, await membersOf(like.group_id));
    };
    const succeeded = await send(act);
    if (!created) return;
    showNotice(
      succeeded ? t("groups.made", { name: created.name }) : t("groups.madeBare", { name: created.name }),
      succeeded ? "good" : "bad",
    );
    go("groups", created.group_id);
  };
  return (
    <ApiForm of={sending} class="card" submit={make}>
      {like && <p class="hint">{t("groups.like", { name: like.name })}</p>}
      <TextField
        label={t("groups.name")}
        error={problem?.about("name") ?? problem?.because("name_taken")}
        required
        maxLength={200}
        value={group.name}
        change={(name) => change({ name })}
      />
      <Radios
        legend={t("groups.typeForGood")}
        error={problem?.about("type")}
        value={group.type}
        change={(type) => change({ type })}
        choices={TYPES.filter((type) => !switchedOff(type)).map((type) => ({
          value: type,
          name: t(TYPE_NAMES[type]),
          hint: t(TYPE_HINTS[type]),
        }))}
      />
      <div class="pair">
        {group.type !== "target" && (
          <DurationField
            label={t("groups.lifetime")}
            hint={t(group.type === "automatic" ? "groups.lifetimeAutomatic" : "groups.lifetimeManual")}
            error={problem?.about("lifetime")}
            value={group.lifetime}
            change={(lifetime) => change({ lifetime })}
          />
        )}
        <TextField
          label={t("groups.starts")}
          hint={t("groups.startsHint")}
          error={problem?.about("starts_at")}
          type="datetime-local"
          value={group.starts}
          change={(starts) => change({ starts })}
        />
        <TextField
          label={t("groups.expires")}
          hint={t("groups.expiresHint")}
          error={problem?.about("expires_on")}
          type="date"
          min={day(new Date())}
          value={group.expires}
          change={(expires) => change({ expires })}
        />
      </div>
      {group.type === "automatic" && (
        <RuleTree value={group.rules} change={(rules, unfinished) => change({ rules, unfinished })} />
      )}
      {group.type === "automatic" && group.rules && <WouldDo rules={group.rules} />}
      {like?.type === "manual" && group.type === "manual" && (
        <Checkbox
          label={t("groups.withMembers", { n: like.members })}
          hint={t("groups.withMembersHint")}
          value={members}
          change={bring}
        />
      )}
      <Submit of={sending} act={t("groups.make")} ready={Boolean(ready)} />
    </ApiForm>
  );
}

function drafted({ name, type, lifetime, rules }: Group): Draft {
  return { ...BLANK, name: t("groups.copyOf", { name }), type, lifetime: typed(lifetime), rules };
}

function body({ name, type, lifetime, starts, expires, rules }: Draft): object {
  return {
    name,
    type,
    ...(type !== "target" && { lifetime: duration(lifetime) }),
    starts_at: starts ? instantOf(starts) : null,
    expires_on: expires || null,
    ...(type === "automatic" && { rules }),
  };
}
