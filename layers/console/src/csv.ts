// CSV text as rows of cells and back, for correcting refused rows in a new file or in the original one.

/** A row with its position in the text: its first line, from 1, and its offsets without the line end. */
export type PlacedRow = {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly cells: readonly string[];
};

/** The rows of a text; a cell between double quotes may hold the delimiter, line ends, and quotes written twice. */
export function rowsOf(text: string, delimiter: string): (readonly string[])[] {
  return placedRows(text, delimiter).map(({ cells }) => cells);
}

export function placedRows(text: string, delimiter: string): PlacedRow[] {
  const rows: PlacedRow[] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  let start = 0;
  let began = 1;
  let line = 1;
  const endRow = (end: number): void => {
    rows.push({ line: began, start, end, cells: [...row, cell] });
    row = [];
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    const ends = sign === "\n" || (sign === "\r" && text[at + 1] !== "\n");
    if (ends) line++;
    if (quoted && sign === '"' && text[at + 1] === '"') cell += text[at++];
    else if (quoted && sign === '"') quoted = false;
    else if (quoted) cell += sign;
    else if (sign === '"' && cell === "") quoted = true;
    else if (sign === delimiter) {
      row.push(cell);
      cell = "";
    } else if (ends) {
      endRow(sign === "\n" && text[at - 1] === "\r" ? at - 1 : at);
      start = at + 1;
      began = line;
    } else if (sign !== "\r") cell += sign;
  }
  if (start < text.length) endRow(text.length);
  return rows;
}

/** A replacement for a row of a file; null removes the row. */
export type CorrectedRow = {
  readonly line: number;
  readonly before: readonly string[];
  readonly after: readonly string[] | null;
};

/** The text with these rows replaced in place; null if one of them is not on its line. */
export function correctedText(text: string, delimiter: string, mended: readonly CorrectedRow[]): string | null {
  const rows = new Map(placedRows(text, delimiter).map((row) => [row.line, row]));
  let result = text;
  for (const { line, before, after } of [...mended].sort((one, other) => other.line - one.line)) {
    const row = rows.get(line);
    if (!row || !alike(row.cells, before)) return null;
    const replacement = after === null ? "" : textOf([after], delimiter).slice(0, -1);
    result = result.slice(0, row.start) + replacement + result.slice(row.end);
  }
  return result;
}

/** Whether the cells are the same but for empty ones at the end. */
function alike(some: readonly string[], others: readonly string[]): boolean {
  const length = Math.max(some.length, others.length);
  return Array.from({ length }, (_, index) => (some[index] ?? "") === (others[index] ?? "")).every(Boolean);
}

export function textOf(rows: readonly (readonly string[])[], delimiter: string): string {
  const quote = (cell: string): string =>
    (delimiter !== "" && cell.includes(delimiter)) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return rows.map((row) => `${row.map(quote).join(delimiter)}\n`).join("");
}
