// A discount: create, change, delete.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { at, create, get, put, remove } from "../../api";
import { Back } from "../../parts/back";
import { Radios, TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { Loaded, useLoad } from "../../parts/load";
import { MultiSelect, type Selected } from "../../parts/multi_select";
import { useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import { go } from "../../router";
import { findNames, groups, searchEntities } from "../../searches";
import { t } from "../../words";
import type { Discount } from "./discounts";

type Draft = {
  readonly code: string;
  readonly by: "percent" | "amount";
  readonly off: string;
  readonly groups: readonly Selected[];
  readonly items: readonly Selected[];
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

export function DiscountPage({ code }: { code: string }): JSX.Element {
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
    const keep = draft.code ? put : create;
    await carryOut(() => keep(path, body(discount)), { notice: t("discounts.saved"), after: () => go("discounts") });
  };
  const drop = (): Promise<void> =>
    carryOut(() => remove(path), {
      ask: {
        title: t("discounts.remove"),
        text: t("discounts.removeAsk", { code: discount.code }),
        act: t("discounts.remove"),
        danger: true,
      },
      notice: t("discounts.removed"),
      after: () => go("discounts"),
    });
  return (
    <ApiForm of={sending} class="card narrow" submit={save}>
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
      <MultiSelect
        label={t("discounts.groups")}
        hint={t("discounts.groupsHint")}
        error={problem?.about("group_ids")}
        chosen={discount.groups}
        change={(chosen) => change({ groups: chosen })}
        search={groups}
      />
      <MultiSelect
        label={t("discounts.items")}
        hint={t("discounts.itemsHint")}
        error={problem?.about("sale_item_ids")}
        chosen={discount.items}
        change={(items) => change({ items })}
        search={searchEntities("sale_item")}
      />
      <Submit of={sending}>
        {draft.code && (
          <button type="button" class="danger" disabled={busy} onClick={() => void drop()}>
            {t("discounts.remove")}
          </button>
        )}
      </Submit>
    </ApiForm>
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
  const ids = (chosen: readonly Selected[]): readonly string[] | null =>
    chosen.length > 0 ? chosen.map((one) => one.id) : null;
  return { [by]: Number(off.replace(",", ".")), group_ids: ids(groups), sale_item_ids: ids(items) };
}
