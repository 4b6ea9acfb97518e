// The rules of an automatic group: edit, preview and save.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer } from "../../answers";
import { at, patch, post } from "../../api";
import { ApiForm } from "../../parts/form";
import { Failed, type Load, useLoad, Waiting } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import type { Branch, Group } from "../../types";
import { number, t } from "../../words";
import { Frame } from "./frame";
import { RuleTree } from "./rule_tree";

type Preview = Answer<"/v1/rules/preview", "post">;

export function GroupRules({ id }: { id: string }): JSX.Element {
  return (
    <Frame id={id} part="rules">
      {(group, load) => <Form group={group} load={load} />}
    </Frame>
  );
}

function Form({ group, load }: { group: Group; load: Load<Group> }): JSX.Element {
  const [rules, setRules] = useState<Branch | null>(group.rules);
  const [open, setOpen] = useState(false);
  const sending = useSending();
  const { send } = sending;
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await send(async () => load.set(await patch<Group>(at`v1/groups/${group.group_id}`, { rules }))))
      showNotice(t("rules.saved"));
  };
  return (
    <ApiForm of={sending} class="card" submit={save}>
      <RuleTree
        value={group.rules}
        change={(next, unfinished) => {
          setRules(next);
          setOpen(unfinished);
        }}
      />
      {rules && <WouldDo rules={rules} group={group.group_id} />}
      <Submit of={sending} act={t("rules.save")} ready={!open && rules !== null}>
        {open && <span class="hint">{t("rules.open")}</span>}
      </Submit>
    </ApiForm>
  );
}

/** The preview of these rules, which stores nothing. */
export function WouldDo({ rules, group }: { rules: Branch; group?: string }): JSX.Element {
  const body = JSON.stringify(rules);
  const preview = useLoad(
    (signal) => post<Preview>("v1/rules/preview", { rules, ...(group && { group_id: group }) }, signal),
    [body],
  );
  const { value, problem } = preview;
  if (problem) return <Failed problem={problem} again={preview.again} />;
  if (!value) return <Waiting />;
  const counts = [
    ["preview.matching", value.matching],
    ["preview.joining", value.joining],
    ["preview.leaving", value.leaving],
    ["preview.kept", value.kept_by_lifetime],
  ] as const;
  return (
    <section class="preview" aria-label={t("preview.title")} aria-busy={preview.loading}>
      <h3>{t("preview.title")}</h3>
      <dl class="counts">
        {counts.map(([name, count]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>{number(count)}</dd>
          </div>
        ))}
      </dl>
      {!value.complete && <p class="hint">{t("preview.partial")}</p>}
      {value.sample.length > 0 && <p class="hint">{t("preview.sample", { emails: value.sample.join(", ") })}</p>}
    </section>
  );
}
