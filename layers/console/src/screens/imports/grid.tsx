// The first rows of a file, with the mapping of each column and the problems of cells.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { FIELDS, type Import, type RowProblem, titleOf } from "../../imports";
import { Checkbox } from "../../parts/field";
import { labelOf, t } from "../../words";

type Mapping = Readonly<Record<string, number>>;
type Props = { readonly one: Import; readonly mapping: Mapping; readonly change: (mapping: Mapping) => void };

export function Grid({ one, mapping, change }: Props): JSX.Element {
  const [only, show] = useState(false);
  const rows = (one.preview ?? []).map((cells, at) => ({ cells, line: one.preview_lines?.[at] ?? at }));
  const headers = one.detected?.headers ?? [];
  const width = Math.max(headers.length, ...rows.map(({ cells }) => cells.length));
  const columns = Array.from({ length: width }, (_, index) => nameOf(one, index));
  const problems = problemsByLine(one);
  const shown = rows.filter(({ line }) => !only || problems.has(line));
  return (
    <>
      {rows.some(({ line }) => problems.has(line)) && <Checkbox label={t("grid.only")} value={only} change={show} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keyboard */}
      <div class="scroll" role="region" aria-label={t("grid.label")} tabIndex={0}>
        <table class="grid">
          <thead>
            <tr>
              <td />
              {columns.map((name, index) => (
                <th key={index} scope="col" class={fieldAt(mapping, index) ? "taken" : undefined}>
                  <FieldMenu
                    one={one}
                    name={name === nth(index) ? t("grid.nth", { n: index + 1 }) : name}
                    index={index}
                    mapping={mapping}
                    change={change}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ line, cells }) => (
              <Row
                key={line}
                line={line}
                cells={cells}
                columns={columns}
                problem={problems.get(line)}
                mapping={mapping}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

type TakenProps = Props & { readonly name: string; readonly index: number };

/** The drop-down of a column; choosing the field of another column moves it here. */
function FieldMenu({ one, name, index, mapping, change }: TakenProps): JSX.Element {
  const field = fieldAt(mapping, index);
  const guess = Object.entries(one.detected?.suggested ?? {}).find(([, at]) => at === index)?.[0];
  const take = (field: string): void => {
    const others = Object.entries(mapping).filter(([other, at]) => other !== field && at !== index);
    change(Object.fromEntries(field ? [...others, [field, index]] : others));
  };
  return (
    <>
      <span class="name">{name}</span>
      <select
        aria-label={t("grid.column", { name })}
        value={field ?? ""}
        onChange={(event) => take(event.currentTarget.value)}
      >
        <option value="">{t("grid.leftOut")}</option>
        {FIELDS[one.kind].map((field) => (
          <option key={field} value={field}>
            {labelOf("field", field, field)}
          </option>
        ))}
      </select>
      {!field && guess && (
        <button type="button" class="plain" onClick={() => take(guess)}>
          {t("grid.guess", { field: labelOf("field", guess, guess) })}
        </button>
      )}
    </>
  );
}

type RowProps = {
  readonly line: number;
  readonly cells: readonly string[];
  readonly columns: readonly string[];
  readonly problem: RowProblem | undefined;
  readonly mapping: Mapping;
};

function Row({ line, cells, columns, problem, mapping }: RowProps): JSX.Element {
  const wrong = problem ? columns.indexOf(problem.column ?? "") : -1;
  const title = problem && titleOf(problem.code);
  return (
    <tr class={problem && "wrong"}>
      <th scope="row" title={wrong < 0 ? title : undefined}>
        {line}
        {wrong < 0 && title && <span class="unseen">{title}</span>}
      </th>
      {columns.map((_, index) => (
        <td
          key={index}
          class={index === wrong ? "wrong" : fieldAt(mapping, index) ? undefined : "left"}
          title={index === wrong ? title : undefined}
        >
          {cells[index] ?? ""}
          {index === wrong && <small>{title}</small>}
        </td>
      ))}
    </tr>
  );
}

function fieldAt(mapping: Mapping, index: number): string | undefined {
  return Object.keys(mapping).find((field) => mapping[field] === index);
}

/** The API's name for a column: its header, its field, or its number. */
function nameOf({ detected }: Import, index: number): string {
  const header = detected?.headers[index] ?? "";
  return header.trim() ? header : (fieldAt(detected?.mapping ?? {}, index) ?? nth(index));
}

function nth(index: number): string {
  return `Column ${index + 1}`;
}

function problemsByLine(one: Import): ReadonlyMap<number, RowProblem> {
  return new Map((one.problems ?? []).map((problem) => [problem.line, problem]));
}
