// A test of a check: the answer for a customer, a code and sale items, with its reasons.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer } from "../answers";
import { post } from "../api";
import { Badge } from "../parts/badge";
import { Checkbox, TextField } from "../parts/field";
import { ApiForm } from "../parts/form";
import { MultiSelect, type Selected } from "../parts/multi_select";
import { useSending } from "../parts/send";
import { Submit } from "../parts/submit";
import { Table } from "../parts/table";
import { Typeahead } from "../parts/typeahead";
import { to } from "../router";
import { people, searchEntities } from "../searches";
import { coded, listed, number, percent, t } from "../words";

type Answered = Answer<"/v1/check", "post">;
type ItemAnswer = Answered["items"][number];
type CodeAnswer = NonNullable<Answered["code"]>;
type DiscountAnswer = NonNullable<Answered["discount"]>;
type Refusable = Pick<ItemAnswer, "reasons" | "explanation">;
type Opening = ItemAnswer["granted_by"][number];

type Question = {
  readonly email: string;
  readonly authenticated: boolean;
  readonly code: string;
  readonly items: readonly Selected[];
  readonly category: string;
  readonly seat: string;
  readonly quantity: string;
  readonly discount: string;
};

const NOTHING: Question = {
  email: "",
  authenticated: true,
  code: "",
  items: [],
  category: "",
  seat: "",
  quantity: "1",
  discount: "",
};
export function Check(): JSX.Element {
  const [question, set] = useState(NOTHING);
  const [answer, answered] = useState<{ of: Question; answer: Answered }>();
  const sending = useSending();
  const { problem, send } = sending;
  const change = (some: Partial<Question>): void => set({ ...question, ...some });
  const ask = async (event: Event): Promise<void> => {
    event.preventDefault();
    answered(undefined);
    await send(async () => answered({ of: question, answer: await post<Answered>("v1/check", body(question)) }));
  };
  return (
    <>
      <h1>{t("check.title")}</h1>
      <p class="subtitle">{t("check.about")}</p>
      <ApiForm of={sending} class="card" submit={ask}>
        <div class="pair">
          <Typeahead
            label={t("check.email")}
            error={problem?.about("customer")}
            value={question.email}
            change={(email) => change({ email })}
            search={people}
          />
          <TextField
            label={t("check.code")}
            error={problem?.about("code")}
            maxLength={200}
            autoComplete="off"
            value={question.code}
            change={(code) => change({ code })}
          />
        </div>
        <Checkbox
          label={t("check.authenticated")}
          hint={t("check.authenticatedHint")}
          value={question.authenticated}
          change={(authenticated) => change({ authenticated })}
        />
        <MultiSelect
          label={t("check.items")}
          hint={t("check.itemsHint")}
          chosen={question.items}
          change={(items) => change({ items })}
          search={searchEntities("sale_item")}
        />
        <div class="pair">
          <TextField
            label={t("check.category")}
            error={problem?.about("category")}
            value={question.category}
            change={(category) => change({ category })}
          />
          <TextField
            label={t("check.seat")}
            error={problem?.about("seats")}
            value={question.seat}
            change={(seat) => change({ seat })}
          />
          <TextField
            label={t("check.quantity")}
            error={problem?.about("quantity")}
            type="number"
            min={1}
            required
            value={question.quantity}
            change={(quantity) => change({ quantity })}
          />
          <TextField
            label={t("check.discount")}
            error={problem?.about("discount")}
            value={question.discount}
            change={(discount) => change({ discount })}
          />
        </div>
        <Submit of={sending} act={t("check.ask")} />
      </ApiForm>
      <div class="stack" aria-live="polite">
        {answer && <CheckAnswer question={answer.of} answer={answer.answer} />}
      </div>
    </>
  );
}

function body({ email, authenticated, code, items, category, seat, quantity, discount }: Question): object {
  return {
    ...(email.trim() && { customer: { email: email.trim(), authenticated } }),
    ...(code && { code }),
    ...(items.length > 0 && { sale_items: items.map((item) => item.id) }),
    ...(category && { category }),
    ...(seat && { seats: [seat] }),
    ...(discount && { discount }),
    quantity: Number(quantity),
    explain: true,
  };
}

function CheckAnswer({
  question,
  answer: { items, code, discount },
}: {
  question: Question;
  answer: Answered;
}): JSX.Element {
  if (items.length === 0 && !code && !discount) return <p class="alert warn">{t("check.nothing")}</p>;
  const names = new Map(question.items.map((item) => [item.id, item.name]));
  return (
    <>
      {items.length > 0 && (
        <section class="card">
          <h2>{t("check.items")}</h2>
          <Table
            caption={t("check.items")}
            rows={items}
            by={(item) => item.sale_item_id}
            columns={itemColumns(names)}
          />
        </section>
      )}
      {code && <CodeTold code={code} />}
      {discount && <DiscountTold discount={discount} />}
    </>
  );
}

function itemColumns(names: ReadonlyMap<string, string>): Parameters<typeof Table<ItemAnswer>>[0]["columns"] {
  return [
    { name: t("check.item"), as: "head", cell: (item) => names.get(item.sale_item_id) ?? item.sale_item_id },
    { name: t("check.visible"), cell: (item) => <YesOrNo yes={item.visible} /> },
    { name: t("check.purchasable"), cell: (item) => <YesOrNo yes={item.purchasable} /> },
    {
      name: t("check.left"),
      as: "figure",
      cell: (item) => (item.remaining === null ? t("check.unlimited") : number(item.remaining)),
    },
    { name: t("check.limits"), cell: limits },
    { name: t("check.why"), cell: (item) => <Why of={item} openings={item.granted_by} /> },
  ];
}

function limits({ seats, categories }: ItemAnswer): string {
  return listed([...(seats ?? []), ...(categories ?? [])]);
}

function CodeTold({ code }: { code: CodeAnswer }): JSX.Element {
  return (
    <section class="card">
      <h2 class="row">
        {t("check.code")}{" "}
        <Badge tone={code.valid ? "good" : "bad"}>{t(code.valid ? "check.valid" : "check.invalid")}</Badge>
      </h2>
      <Why of={code} />
      {code.grants.length > 0 && (
        <Table
          caption={t("check.grants")}
          rows={code.grants}
          by={(grant) => JSON.stringify([grant.group_id, grant.category, grant.seat])}
          columns={[
            {
              name: t("check.group"),
              as: "head",
              cell: ({ group_id, group }) => <a href={to("groups", group_id)}>{group}</a>,
            },
            { name: t("check.category"), cell: (grant) => grant.category ?? t("check.any") },
            { name: t("check.seat"), cell: (grant) => grant.seat ?? t("check.any") },
            { name: t("check.quantity"), as: "figure", cell: (grant) => number(grant.quantity) },
            { name: t("check.left"), as: "figure", cell: (grant) => number(grant.remaining) },
          ]}
        />
      )}
    </section>
  );
}

function DiscountTold({ discount }: { discount: DiscountAnswer }): JSX.Element {
  const worth = discount.percent === undefined ? number(discount.amount ?? 0) : percent(discount.percent / 100, 3);
  return (
    <section class="card">
      <h2 class="row">
        {t("check.discount")}{" "}
        <Badge tone={discount.accepted ? "good" : "bad"}>
          {discount.accepted ? t("check.accepted", { worth }) : t("check.declined")}
        </Badge>
      </h2>
      <Why of={discount} />
    </section>
  );
}

function YesOrNo({ yes }: { yes: boolean }): JSX.Element {
  return <Badge tone={yes ? "good" : "bad"}>{t(yes ? "check.yes" : "check.no")}</Badge>;
}

/** The groups that open the item, or the reasons against it with their explanations. */
function Why({ of, openings = [] }: { of: Refusable; openings?: readonly Opening[] }): JSX.Element | null {
  const sentences = of.explanation?.length
    ? of.explanation
    : of.reasons.map((reason) => coded("reason", reason, {}, reason));
  if (sentences.length + openings.length === 0) return null;
  return (
    <ul class="reasons">
      {openings.map(({ group_id, group }) => (
        <li key={group_id}>
          {t("check.openedBy")} <a href={to("groups", group_id)}>{group}</a>
        </li>
      ))}
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
