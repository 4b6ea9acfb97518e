// The first refused rows: line, column, value and problem.

import type { JSX } from "preact";
import { aboutRow, type RowProblem, titleOf } from "../../imports";
import { type Column, Table } from "../../parts/table";
import { number, t } from "../../words";

export function ProblemTable({ problems, refused }: { problems: readonly RowProblem[]; refused: number }): JSX.Element {
  const columns: readonly Column<RowProblem>[] = [
    { name: t("problems.line"), cell: (problem) => number(problem.line) },
    { name: t("problems.column"), cell: (problem) => problem.column ?? "" },
    { name: t("problems.value"), cell: (problem) => problem.value && <span class="code">{problem.value}</span> },
    { name: t("problems.why"), cell: (problem) => <Why of={problem} /> },
  ];
  return (
    <>
      <Table
        caption={t("problems.title")}
        rows={problems}
        columns={columns}
        by={(problem) => `${problem.line} ${problem.column}`}
      />
      {refused > problems.length && <p class="hint">{t("problems.first", { shown: problems.length, n: refused })}</p>}
    </>
  );
}

function Why({ of: problem }: { of: RowProblem }): JSX.Element {
  return (
    <span>
      {titleOf(problem.code)}
      <small>{aboutRow(problem)}</small>
    </span>
  );
}
