// Redemptions: searched by code, address or order, and released.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Item } from "../answers";
import { at, post } from "../api";
import { Badge, type Tone } from "../parts/badge";
import { Dialog } from "../parts/dialog";
import { ToCustomer } from "../parts/email";
import { SelectField, TextField } from "../parts/field";
import { ApiForm } from "../parts/form";
import { Loaded, useLoad, usePages } from "../parts/load";
import { useSending } from "../parts/send";
import { Submit } from "../parts/submit";
import { type Column, More, Table } from "../parts/table";
import { to, useAsked } from "../router";
import { findNames } from "../searches";
import { dateAndTime } from "../times";
import { number, t } from "../words";
import { ListSearch } from "./groups/list_search";

type Redemption = Item<"/v1/redemptions">;
type By = "code" | "email" | "order_id";

const BY: readonly By[] = ["code", "email", "order_id"];
const TONES: Readonly<Record<Redemption["status"], Tone>> = {
  redeemed: "good",
  held: "busy",
  released: "quiet",
  lapsed: "quiet",
};

export function Redemptions(): JSX.Element {
  const [by, choose] = useAsked<By>("by", "code");
  const [q, search] = useAsked<string>("q", "");
  return (
    <>
      <h1>{t("redemptions.title")}</h1>
      <p class="subtitle">{t("redemptions.about")}</p>
      <form class="pair" role="search" onSubmit={(event) => event.preventDefault()}>
        <SelectField<By>
          label={t("redemptions.by")}
          value={by}
          change={choose}
          choices={BY.map((value) => ({ value, name: t(`redemptions.by.${value}`) }))}
        />
        <TextField label={t(`redemptions.by.${by}`)} type="search" maxLength={500} value={q} change={search} />
      </form>
      {q.trim() && <Results key={by} by={by} q={q.trim()} />}
      {q.trim() && by !== "order_id" && <ListSearch q={q.trim()} />}
    </>
  );
}

function Results({ by, q }: { by: By; q: string }): JSX.Element {
  const page = usePages<Redemption>("v1/redemptions", { [by]: q });
  const [giving, give] = useState<Redemption>();
  const groups = useGroups(page.value ?? []);
  const columns: readonly Column<Redemption>[] = [
    { name: t("redemptions.when"), as: "head", cell: ({ at }) => at && dateAndTime(at) },
    { name: t("entries.code"), cell: ({ code }) => code && <span class="code">{code}</span> },
    { name: t("customers.email"), cell: ({ email }) => email && <ToCustomer email={email} /> },
    { name: t("customer.group"), cell: ({ group_id }) => <a href={to("groups", group_id)}>{groups(group_id)}</a> },
    { name: t("tickets.order"), cell: ({ order_id }) => order_id && <span class="code">{order_id}</span> },
    { name: t("redemptions.status"), cell: (one) => <State of={one} /> },
    { name: t("redemptions.left"), as: "figure", cell: ({ remaining_quantity }) => number(remaining_quantity) },
    {
      name: t("members.actions"),
      as: "actions",
      cell: (one) =>
        (one.status === "redeemed" || one.status === "held") &&
        one.remaining_quantity > 0 && (
          <button type="button" class="plain" onClick={() => give(one)}>
            {t("redemptions.release")}
          </button>
        ),
    },
  ];
  return (
    <>
      <Loaded of={page} empty={<p>{t("redemptions.none")}</p>}>
        {(rows) => (
          <>
            <Table
              caption={t("redemptions.title")}
              rows={rows}
              columns={columns}
              by={({ redemption_id }) => redemption_id}
            />
            <More of={page} />
          </>
        )}
      </Loaded>
      {giving && (
        <Release
          of={giving}
          close={() => give(undefined)}
          released={() => {
            give(undefined);
            page.again();
          }}
        />
      )}
    </>
  );
}

function State({ of: { status, hold_expires_at } }: { of: Redemption }): JSX.Element {
  return (
    <span>
      <Badge tone={TONES[status]}>{t(`redemptions.${status}`)}</Badge>
      {status === "held" && hold_expires_at && (
        <small>{t("redemptions.heldUntil", { when: dateAndTime(hold_expires_at) })}</small>
      )}
    </span>
  );
}

/** The names of the groups, once they are there. */
function useGroups(redemptions: readonly Redemption[]): (id: string) => string {
  const ids = [...new Set(redemptions.map(({ group_id }) => group_id))];
  const groups = useLoad((signal) => findNames("group", ids, signal), [ids.join(" ")]);
  const names = new Map(groups.value?.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? "…";
}

type ReleaseProps = { readonly of: Redemption; readonly close: () => void; readonly released: () => void };

function Release({ of: { redemption_id, remaining_quantity, status }, close, released }: ReleaseProps): JSX.Element {
  const [quantity, set] = useState(String(remaining_quantity));
  const sending = useSending();
  const { problem, carryOut } = sending;
  const release = async (event: Event): Promise<void> => {
    event.preventDefault();
    const path = at`v1/redemptions/${redemption_id}/release`;
    await carryOut(() => post(path, { quantity: Number(quantity) }), {
      notice: t("redemptions.done"),
      after: released,
    });
  };
  return (
    <Dialog title={t("redemptions.release")} close={close}>
      <ApiForm of={sending} submit={release}>
        <p>{t(status === "held" ? "redemptions.askHeld" : "redemptions.askRedeemed")}</p>
        <TextField
          label={t("redemptions.quantity")}
          error={problem?.about("quantity")}
          type="number"
          min={1}
          max={remaining_quantity}
          required
          value={quantity}
          change={set}
        />
        <Submit of={sending} act={t("redemptions.release")} cancel={close} />
      </ApiForm>
    </Dialog>
  );
}
