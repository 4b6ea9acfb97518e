// Adding many members to a manual group by pasting their addresses.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { addressesIn } from "../../addresses";
import type { Answer } from "../../answers";
import { at, Problem, post } from "../../api";
import { AreaField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { showNotice } from "../../parts/notices";
import { useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import type { Group } from "../../types";
import { listed, t } from "../../words";
import { type MembershipEnd, MembershipEndFields, membershipEndBody, usual } from "./membership_end";

type Added = Answer<"/v1/groups/{group_id}/members", "post">;

/** The maximum of one call. */
const AT_ONCE = 1000;

export function AddMembers({ group, added }: { group: Group; added: () => void }): JSX.Element {
  const [text, write] = useState("");
  const [stay, setStay] = useState<MembershipEnd>(usual(group.lifetime));
  const sending = useSending();
  const emails = addressesIn(text);
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const people = emails.map((email) => ({ email, ...membershipEndBody(stay) }));
    if (!(await sending.send(async () => notify(await addAll(group.group_id, people))))) return;
    write("");
    added();
  };
  return (
    <details class="card">
      <summary>{t("members.many")}</summary>
      <ApiForm of={sending} submit={add}>
        <AreaField
          label={t("members.paste")}
          hint={`${t("members.pasteHint")} ${emails.length > 0 ? t("members.found", { n: emails.length }) : ""}`}
          rows={6}
          value={text}
          change={write}
        />
        <MembershipEndFields stay={stay} change={setStay} about={(field) => sending.problem?.about(field)} />
        <Submit of={sending} act={t("members.addMany", { n: emails.length })} ready={emails.length > 0} />
      </ApiForm>
    </details>
  );
}

type NewMember = { readonly email: string };

/** Add them in as many calls as necessary. Throws a `Problem` that names invalid addresses. */
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

/** The problem with addresses instead of their positions. */
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
  showNotice(sentences.join(" "));
}
