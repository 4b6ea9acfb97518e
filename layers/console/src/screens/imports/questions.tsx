// The questions about a file, each with the suggested answer and the effect of every answer.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answers, Decision, Import } from "../../imports";
import { Checkbox, Radios } from "../../parts/field";
import { Typeahead } from "../../parts/typeahead";
import { searchEntities } from "../../searches";
import { labelOf, number, t } from "../../words";

type Mapping = Readonly<Record<string, number>>;
type Props = {
  readonly one: Import;
  readonly answers: Answers;
  readonly answer: (answers: Answers) => void;
  readonly mapping: Mapping;
  readonly map: (mapping: Mapping) => void;
};

export function Questions({ one, ...props }: Props): JSX.Element | null {
  const decisions = one.decisions ?? [];
  if (decisions.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="questions">
      <h2 id="questions">{t("questions.title", { n: decisions.length })}</h2>
      <p class="hint">{t("questions.hint")}</p>
      {decisions.map((decision) => (
        <Question key={`${decision.about} ${decision.column}`} one={one} decision={decision} {...props} />
      ))}
    </section>
  );
}

type QuestionProps = Props & { readonly decision: Decision };

function Question(props: QuestionProps): JSX.Element {
  switch (props.decision.about) {
    case "status":
      return <AboutStatus {...props} />;
    case "date_order":
      return <AboutDates {...props} />;
    case "items":
      return <AboutItems {...props} />;
    default:
      return <AboutColumn {...props} />;
  }
}

/** The kind of values in the column. */
function texts({ params }: Decision, kind: string): readonly string[] {
  const values = params[kind];
  return Array.isArray(values) ? values.map(String) : [];
}

/** The rows to exclude, by the values of their status column. */
function AboutStatus({ decision, answers, answer }: QuestionProps): JSX.Element {
  const column = answers.leave_out?.column ?? decision.column ?? "";
  const [first] = useState(texts(decision, "left_out"));
  const out = answers.leave_out === undefined ? first : (answers.leave_out?.values ?? []);
  const values = [...new Set([...texts(decision, "values"), ...first, ...out])];
  const leave = (value: string, isLeftOut: boolean): void => {
    const values = isLeftOut ? [...out, value] : out.filter((one) => one !== value);
    answer({ ...answers, leave_out: values.length > 0 ? { column, values } : null });
  };
  return (
    <fieldset class="stack">
      <legend>{t("question.status", { column })}</legend>
      {values.map((value) => (
        <Checkbox
          key={value}
          label={t("question.status.leave", { value })}
          hint={t(out.includes(value) ? "question.status.out" : "question.status.in")}
          value={out.includes(value)}
          change={(isLeftOut) => leave(value, isLeftOut)}
        />
      ))}
    </fieldset>
  );
}

function AboutDates({ decision, answers, answer }: QuestionProps): JSX.Element {
  const orders = (["dmy", "mdy", "ymd"] as const).filter((order) => texts(decision, "orders").includes(order));
  return (
    <Radios
      legend={t("question.dates", { column: decision.column ?? "" })}
      value={answers.date_order ?? ""}
      change={(date_order) => answer({ ...answers, date_order })}
      choices={orders.map((value) => ({
        value,
        name: t(`question.dates.${value}`),
        hint: t(`question.dates.${value}.hint`),
      }))}
    />
  );
}

const FIELD_OF = {
  groups_column: "Customer groups",
  date_column: "Purchased at",
  quantity_column: "Quantity",
  code_column: "Code",
} as const;

/** Whether a column is the suggested field. */
function AboutColumn({ one, decision, mapping, map }: QuestionProps): JSX.Element {
  const about = decision.about as keyof typeof FIELD_OF;
  const field = about === "code_column" && one.kind === "tickets" ? "Ticket code" : FIELD_OF[about];
  const column = decision.column ?? "";
  const index = (one.detected?.headers ?? []).findIndex((header) => isHeader(header, column));
  const others = Object.entries(mapping).filter(([other, at]) => other !== field && at !== index);
  const take = (used: "used" | "unused"): void =>
    map(Object.fromEntries(used === "used" ? [...others, [field, index]] : others));
  const values = texts(decision, "values");
  return (
    <>
      <Radios
        legend={t("question.column", { column, field: labelOf("field", field, field) })}
        value={mapping[field] === index ? "used" : "unused"}
        change={take}
        choices={(["used", "unused"] as const).map((value) => ({
          value,
          name: t(`question.column.${value}`, { field: labelOf("field", field, field) }),
          hint: t(`question.${about}.${value}`),
        }))}
      />
      {values.length > 0 && <p class="hint">{t("question.column.values", { values: values.join(" · ") })}</p>}
    </>
  );
}

/** A long header, shortened. */
function isHeader(header: string, name: string): boolean {
  return header.trim() === name || (name.endsWith("…") && header.trim().startsWith(name.slice(0, -1)));
}

const MAX_ITEMS = 50;

/** The sale item for each name in a file of purchases. */
function AboutItems({ decision, answers, answer }: QuestionProps): JSX.Element {
  const labels = texts(decision, "labels");
  return (
    <fieldset class="stack">
      <legend>{t("question.items", { column: decision.column ?? "" })}</legend>
      <p class="hint">{t("question.items.hint")}</p>
      {labels.slice(0, MAX_ITEMS).map((label) => (
        <Item
          key={label}
          label={label}
          item={answers.items?.[label] ?? ""}
          choose={(item) => {
            const others = Object.entries(answers.items ?? {}).filter(([other]) => other !== label);
            answer({ ...answers, items: Object.fromEntries(item ? [...others, [label, item]] : others) });
          }}
        />
      ))}
      {labels.length > MAX_ITEMS && (
        <p class="hint">{t("question.items.more", { n: number(labels.length - MAX_ITEMS) })}</p>
      )}
    </fieldset>
  );
}

type ItemProps = { readonly label: string; readonly item: string; readonly choose: (item: string) => void };

function Item({ label, item, choose }: ItemProps): JSX.Element {
  const [text, setText] = useState(item);
  return (
    <Typeahead
      label={t("question.items.label", { label })}
      hint={item && item !== text ? item : undefined}
      value={text}
      change={(text, picked) => {
        setText(text);
        choose(picked ? picked.id : text.trim());
      }}
      search={searchEntities("sale_item")}
      only
    />
  );
}
