// Many people added to a manual group at once: their addresses, pasted as they were copied.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { addressesIn } from "../../addresses";
import type { Answer } from "../../answers";
import { at, Problem, post } from "../../api";
import type { Group } from "../../nouns";
import { AreaField } from "../../parts/field";
import { SendForm } from "../../parts/form";
import { say } from "../../parts/say";
import { useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import { listed, t } from "../../words";
import { type Stay, StayFields, stayBody, usual } from "./stay";

type Added = Answer<"/v1/groups/{group_id}/members", "post">;

/** As many as one call takes. */
const AT_ONCE = 1000;

export function AddMany({ group, added }: { group: Group; added: () => void }): JSX.Element {
  const [text, write] = useState("");
  const [stay, setStay] = useState<Stay>(usual(group.lifetime));
  const sending = useSending();
  const emails = addressesIn(text);
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const people = emails.map((email) => ({ email, ...stayBody(stay) }));
    if (!(await sending.send(async () => notify(await addAll(group.group_id, people))))) return;
    write("");
    added();
  };
  return (
    <details class="card">
      <summary>{t("members.many")}</summary>
      <SendForm of={sending} submit={add}>
        <AreaField
          label={t("members.paste")}
          hint={`${t("members.pasteHint")} ${emails.length > 0 ? t("members.found", { n: emails.length }) : ""}`}
          rows={6}
          value={text}
          change={write}
        />
        <StayFields stay={stay} change={setStay} about={(field) => sending.problem?.about(field)} />
        <Submit of={sending} act={t("members.addMany", { n: emails.length })} ready={emails.length > 0} />
      </SendForm>
    </details>
  );
}

type NewMember = { readonly email: string };

/** Add them, as many at a time as a call takes. Raises `Problem` that names the addresses which are none. */
export async function addAll(group: string, people: readonly NewMember[]): Promise<Added> {
  const sum = { added: 0, already: 0, created_customers: 0 };
  for (let from = 0; from < people.length; from += AT_ONCE) {
    const some = people.slice(from, from + AT_ONCE);
    const answer = await post<Added>(at`v1/groups/${group}/members`, { customers: some }).catch((error: unknown) => {
      throw error instanceof Problem ? withEmail(error, some) : error;
    });
    sum.added += answer.added;
    sum.already += answer.already;
  }
  return sum;
}

/** The problem with the addresses that it is about in place of their places. */
function withEmail(problem: Problem, people: readonly NewMember[]): Problem {
  const wrong = problem.faults.flatMap(({ field }) => {
    const place = /^customers\.(\d+)\.email/.exec(field)?.[1];
    const email = place === undefined ? undefined : people[Number(place)]?.email;
    return email === undefined ? [] : [`“${email}”`];
  });
  if (wrong.length === 0) return problem;
  return new Problem(problem.status, problem.code, t("members.wrong", { emails: listed([...new Set(wrong)]) }));
}

function notify({ added, already }: Added): void {
  const sentences = [
    t("members.addedMany", { n: added }),
    ...(already > 0 ? [t("members.alreadyMany", { n: already })] : []),
  ];
  say(sentences.join(" "));
}
