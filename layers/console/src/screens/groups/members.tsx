// The members of a group: searched, and in a manual group added, changed and removed.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Item } from "../../answers";
import { at, patch, post } from "../../api";
import { switchedOff } from "../../groups";
import { Dialog } from "../../parts/dialog";
import { ToCustomer } from "../../parts/email";
import { TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { Loaded, usePages } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { RelativeTime } from "../../parts/relative_time";
import { ProblemNotice, useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import { More, Table } from "../../parts/table";
import { Typeahead } from "../../parts/typeahead";
import { useAsked } from "../../router";
import { people } from "../../searches";
import { readable, until } from "../../times";
import type { Group } from "../../types";
import { codedOne, labelOf, t } from "../../words";
import { AddMembers } from "./add_members";
import { type MembershipEnd, MembershipEndFields, membershipEndBody, usual } from "./membership_end";

type Member = Item<"/v1/groups/{group_id}/members">;
type Added = Answer<"/v1/groups/{group_id}/members", "post">;
export function Members({ group, changed }: { group: Group; changed: () => void }): JSX.Element {
  const [q, search] = useAsked<string>("q", "");
  const [moving, move] = useState<Member>();
  const members = usePages<Member>(at`v1/groups/${group.group_id}/members`, { q: q.trim() });
  const open = group.type === "manual" && group.status === "active" && !switchedOff(group.type);
  useSynced(group, members.again);
  const renew = (): void => {
    members.again();
    changed();
  };
  return (
    <>
      {open && <Add group={group} added={renew} />}
      {open && <AddMembers group={group} added={renew} />}
      <form class="narrow" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField label={t("members.search")} type="search" maxLength={200} value={q} change={search} />
      </form>
      <Loaded of={members} empty={<p>{t(q.trim() ? "customers.notFound" : "members.none")}</p>}>
        {(page) => (
          <>
            <Table
              caption={t("groups.members")}
              rows={page}
              by={(member) => member.email}
              columns={[
                {
                  name: t("customers.email"),
                  as: "head",
                  cell: ({ email }) => <ToCustomer email={email} />,
                },
                { name: t("customers.name"), cell: ({ name }) => name },
                { name: t("customer.memberSince"), cell: ({ added_at }) => <RelativeTime at={added_at} /> },
                {
                  name: t("members.until"),
                  cell: ({ removal_date }) => (removal_date ? until(removal_date) : t("customer.always")),
                },
                {
                  name: t("customer.why"),
                  cell: why,
                },
                ...(open
                  ? [
                      {
                        name: t("members.actions"),
                        as: "actions" as const,
                        cell: (member: Member) => <Row member={member} group={group} move={move} removed={renew} />,
                      },
                    ]
                  : []),
              ]}
            />
            <More of={members} />
          </>
        )}
      </Loaded>
      {moving && (
        <Move
          group={group}
          member={moving}
          close={() => move(undefined)}
          moved={() => {
            move(undefined);
            members.again();
          }}
        />
      )}
    </>
  );
}

/** The source of a membership: the rules, a line of a file, or a person by name. */
function why({ because, reason, source }: Member): string {
  if (!because && source === "hand") return t("members.byHand", { by: labelOf("by", reason, reason) });
  return codedOne("because", readable(because), reason);
}

/** Read the members again after each sync. */
function useSynced({ last_sync_at }: Group, again: () => void): void {
  const lastSeenSync = useRef(last_sync_at);
  useEffect(() => {
    if (lastSeenSync.current !== last_sync_at) again();
    lastSeenSync.current = last_sync_at;
  }, [last_sync_at]);
}

function Add({ group, added }: { group: Group; added: () => void }): JSX.Element {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [isKnown, setKnown] = useState(false);
  const [stay, setStay] = useState<MembershipEnd>(usual(group.lifetime));
  const sending = useSending();
  const { problem, send } = sending;
  const about = (field: string): string | undefined => problem?.about(`customers.0.${field}`);
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const customer = {
      email: email.trim(),
      ...(name.trim() && !isKnown && { name: name.trim() }),
      ...membershipEndBody(stay),
    };
    let answer: Added | undefined;
    if (
      !(await send(
        async () => (answer = await post<Added>(at`v1/groups/${group.group_id}/members`, { customers: [customer] })),
      ))
    )
      return;
    showNotice(answer?.already ? t("members.already", { email }) : t("members.added", { email }));
    setEmail("");
    setName("");
    setKnown(false);
    setStay(usual(group.lifetime));
    added();
  };
  return (
    <details class="card">
      <summary>{t("members.add")}</summary>
      <ApiForm of={sending} submit={add}>
        <div class="pair">
          <Typeahead
            label={t("members.who")}
            hint={t("members.whoHint")}
            error={about("email")}
            required
            value={email}
            change={(typed, picked) => {
              setEmail(typed);
              setKnown(picked !== null);
            }}
            search={people}
          />
          {!isKnown && (
            <TextField
              label={t("customers.name")}
              hint={t("members.nameHint")}
              error={about("name")}
              maxLength={200}
              value={name}
              change={setName}
            />
          )}
        </div>
        <MembershipEndFields stay={stay} change={setStay} about={about} />
        <Submit of={sending} act={t("members.add")} />
      </ApiForm>
    </details>
  );
}

type RowProps = {
  readonly member: Member;
  readonly group: Group;
  readonly move: (member: Member) => void;
  readonly removed: () => void;
};

function Row({ member, group, move, removed: gone }: RowProps): JSX.Element {
  const { email } = member;
  const { busy, problem, carryOut } = useSending();
  const drop = (): Promise<void> =>
    carryOut(() => post(at`v1/groups/${group.group_id}/members/remove`, { emails: [email] }), {
      ask: {
        title: t("members.remove"),
        text: t("members.removeAsk", { email, group: group.name }),
        act: t("members.remove"),
        danger: true,
      },
      notice: t("members.removed", { email }),
      after: gone,
    });
  return (
    <div class="actions">
      <button type="button" class="plain" disabled={busy} onClick={() => move(member)}>
        {t(member.removal_date ? "members.refresh" : "members.set")}
      </button>
      <button
        type="button"
        class="plain"
        disabled={busy}
        aria-label={t("members.removeOne", { email })}
        onClick={() => void drop()}
      >
        {t("members.remove")}
      </button>
      <ProblemNotice of={problem} />
    </div>
  );
}

function Move({
  group,
  member: { email, removal_date },
  close,
  moved,
}: {
  group: Group;
  member: Member;
  close: () => void;
  moved: () => void;
}): JSX.Element {
  const [stay, setStay] = useState<MembershipEnd>(usual(group.lifetime));
  const sending = useSending();
  const { problem, carryOut } = sending;
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    await carryOut(() => patch(at`v1/groups/${group.group_id}/members/${email}`, membershipEndBody(stay)), {
      notice: t("members.moved", { email }),
      after: moved,
    });
  };
  return (
    <Dialog title={t(removal_date ? "members.refresh" : "members.set")} close={close}>
      <ApiForm of={sending} submit={save}>
        <p>
          {removal_date ? t("members.moveFrom", { email, at: until(removal_date) }) : t("members.moveNone", { email })}
        </p>
        <MembershipEndFields stay={stay} change={setStay} about={(field) => problem?.about(field)} />
        <Submit of={sending} cancel={close} />
      </ApiForm>
    </Dialog>
  );
}
