// A table of a list: columns by name, the next page on demand; where there is little room each row is a card.

import type { ComponentChildren, JSX } from "preact";
import { t } from "../words";
import { Boundary } from "./boundary";
import type { Pages } from "./load";

export type Column<T> = {
  readonly name: string;
  readonly cell: (row: T) => ComponentChildren;
  /** Numbers are aligned right, names are row headers, and actions have no visible header. */
  readonly as?: "figure" | "head" | "actions";
};

type TableProps<T> = {
  /** The caption of the table for screen readers. */
  readonly caption: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly by: (row: T) => string;
  readonly look?: (row: T) => string | undefined;
};

/** A row that fails to render affects only its table. */
export function Table<T>(props: TableProps<T>): JSX.Element {
  return (
    <Boundary>
      <Rows {...props} />
    </Boundary>
  );
}

function Rows<T>({ caption, rows, columns, by, look }: TableProps<T>): JSX.Element {
  return (
    <div class="listed">
      <table class="list" role="table">
        <caption class="unseen">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                role="columnheader"
                class={column.as === "head" ? undefined : column.as}
              >
                {column.as === "actions" ? <span class="unseen">{column.name}</span> : column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={by(row)} role="row" class={look?.(row)}>
              {columns.map((column) => cell(column, row))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cell<T>(column: Column<T>, row: T): JSX.Element {
  const inner = column.cell(row);
  return column.as === "head" ? (
    <th key={column.name} scope="row" role="rowheader">
      {inner}
    </th>
  ) : (
    <td key={column.name} role="cell" class={column.as} data-name={column.name}>
      <div>{inner}</div>
    </td>
  );
}

/** The button for the next page; it stays while that is loaded and so keeps the focus. */
export function More<T>({ of }: { of: Pages<T> }): JSX.Element | null {
  if (!of.more) return null;
  return (
    <p class="more">
      <button type="button" disabled={of.loading} onClick={of.more}>
        {t("more")}
      </button>
    </p>
  );
}
