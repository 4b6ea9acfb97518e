// The cells of a workbook as text: long numbers whole, dates as ISO.

const EXPONENT = /^(-?)(\d+)(?:\.(\d+))?[eE]\+?(\d+)$/;
const DIGITS = 15;
/** Until this day Excel counts the hours of a cell that holds a time alone. */
const FIRST_DAY = Date.UTC(1900, 0, 1);

/** A number without exponent and without digits beyond those that Excel shows. */
export function numberText(raw: string): string {
  const match = EXPONENT.exec(raw);
  if (match) {
    const [, sign = "", whole = "", fraction = "", power = "0"] = match;
    const after = fraction.slice(Number(power));
    return `${sign}${whole}${fraction.slice(0, Number(power)).padEnd(Number(power), "0")}${after && `.${after}`}`;
  }
  return /^-?\d+$/.test(raw) || raw.trim() === "" ? raw : String(Number(Number(raw).toPrecision(DIGITS)));
}

export function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return dateText(cell);
  if (typeof cell === "boolean") return cell ? "TRUE" : "FALSE";
  return String(cell);
}

function dateText(date: Date): string {
  const [day = "", time = ""] = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString().split(/[TZ.]/);
  if (date.getTime() < FIRST_DAY) return time;
  return time === "00:00:00" ? day : `${day}T${time}`;
}

/** Rows as CSV, every cell between quotes. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  return rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}
