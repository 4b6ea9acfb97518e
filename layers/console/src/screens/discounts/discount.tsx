// One discount, made, changed or removed.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { at, get, make, put, remove } from "../../api";
import { Back } from "../../parts/back";
import { type Chosen, Several } from "../../parts/chosen";
import { Radios, TextField } from "../../parts/field";
import { SendForm } from "../../parts/form";
import { Loaded, useLoad } from "../../parts/load";
import { useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import { go } from "../../router";
import { findNames, groups, things } from "../../searches";
import { t } from "../../words";
import type { Discount } from "./discounts";

type Draft = {
  readonly code: string;
  readonly by: "percent" | "amount";
  readonly off: string;
  readonly groups: readonly Chosen[];
  readonly items: readonly Chosen[];
};

export function NewDiscount(): JSX.Element {
  return (
    <>
      <Back place="discounts" name="discounts.title" />
      <h1>{t("discounts.new")}</h1>
      <Form draft={{ code: "", by: "percent", off: "", groups: [], items: [] }} />
    </>
  );
}

export function OneDiscount({ code }: { code: string }): JSX.Element {
  const draft = useLoad((signal) => drafted(code, signal), [code]);
  return (
    <>
      <Back place="discounts" name="discounts.title" />
      <h1>{code}</h1>
      <Loaded of={draft}>{(loaded) => <Form draft={loaded} />}</Loaded>
    </>
  );
}

function Form({ draft }: { draft: Draft }): JSX.Element {
  const [discount, set] = useState(draft);
  const sending = useSending();
  const { busy, problem, carryOut } = sending;
  const change = (some: Partial<Draft>): void => set({ ...discount, ...some });
  const path = at`v1/discounts/${discount.code}`;
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const keep = draft.code ? put : make;
    await carryOut(() => keep(path, body(discount)), { say: t("discounts.saved"), after: () => go("discounts") });
  };
  const drop = (): Promise<void> =>
    carryOut(() => remove(path), {
      ask: {
        title: t("discounts.remove"),
        text: t("discounts.removeAsk", { code: discount.code }),
        act: t("discounts.remove"),
        danger: true,
      },
      say: t("discounts.removed"),
      after: () => go("discounts"),
    });
  return (
    <SendForm of={sending} class="card narrow" submit={save}>
      {!draft.code && (
        <TextField
          label={t("discounts.code")}
          hint={t("catalogue.idHint")}
          error={problem?.about("code") ?? problem?.because("exists")}
          required
          maxLength={128}
          value={discount.code}
          change={(code) => change({ code })}
        />
      )}
      <Radios
        legend={t("discounts.worth")}
        value={discount.by}
        change={(by) => change({ by })}
        choices={[
          { value: "percent", name: t("discounts.percent") },
          { value: "amount", name: t("discounts.amount") },
        ]}
      />
      <TextField
        label={t(discount.by === "percent" ? "discounts.percent" : "discounts.amount")}
        error={problem?.about("percent") ?? problem?.about("amount")}
        required
        value={discount.off}
        change={(off) => change({ off })}
      />
      <Several
        label={t("discounts.groups")}
        hint={t("discounts.groupsHint")}
        error={problem?.about("group_ids")}
        chosen={discount.groups}
        change={(chosen) => change({ groups: chosen })}
        search={groups}
      />
      <Several
        label={t("discounts.items")}
        hint={t("discounts.itemsHint")}
        error={problem?.about("sale_item_ids")}
        chosen={discount.items}
        change={(items) => change({ items })}
        search={things("sale_item")}
      />
      <Submit of={sending}>
        {draft.code && (
          <button type="button" class="danger" disabled={busy} onClick={() => void drop()}>
            {t("discounts.remove")}
          </button>
        )}
      </Submit>
    </SendForm>
  );
}

async function drafted(requestedCode: string, signal: AbortSignal): Promise<Draft> {
  const { code, percent, amount, group_ids, sale_item_ids } = await get<Discount>(
    at`v1/discounts/${requestedCode}`,
    signal,
  );
  const [groups, items] = await Promise.all([
    findNames("group", group_ids ?? [], signal),
    findNames("sale_item", sale_item_ids ?? [], signal),
  ]);
  return { code, by: percent === null ? "amount" : "percent", off: String(percent ?? amount), groups, items };
}

function body({ by, off, groups, items }: Draft): object {
  const ids = (chosen: readonly Chosen[]): readonly string[] | null =>
    chosen.length > 0 ? chosen.map((one) => one.id) : null;
  return { [by]: Number(off.replace(",", ".")), group_ids: ids(groups), sale_item_ids: ids(items) };
}
