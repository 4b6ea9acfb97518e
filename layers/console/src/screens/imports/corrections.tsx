// Correction of refused rows in the page, and their import as a new file.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { at, file } from "../../api";
import { correctedText, rowsOf, textOf } from "../../csv";
import { aboutRow, type Import, type Options, sentFor, titleOf } from "../../imports";
import { ApiForm } from "../../parts/form";
import { Loaded, useLoad } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { number, t } from "../../words";
import { Uploading, useUpload } from "./upload";

/** The last cells of each refused row: line, column, code word and sentence. */
const ADDED = 4;
const MAX_ROWS = 200;

type Row = {
  readonly cells: readonly string[];
  readonly line: string;
  readonly column: string;
  readonly code: string;
  readonly detail: string;
};
type Sheet = { readonly header: readonly string[]; readonly rows: readonly Row[]; readonly delimiter: string };

type CorrectionsProps = {
  readonly one: Import;
  readonly close: () => void;
  /** The original file, if nothing of it is imported yet. */
  readonly file?: File;
};

export function Corrections({ one, close, file }: CorrectionsProps): JSX.Element {
  const sheet = useLoad((signal) => refused(one, signal), [one.import_id]);
  return (
    <section class="card stack" aria-labelledby="mend">
      <h2 id="mend">{t("mend.title")}</h2>
      <Loaded of={sheet}>
        {(sheet) =>
          sheet.rows.length > MAX_ROWS ? (
            <TooMany rows={sheet.rows.length} close={close} />
          ) : file ? (
            <MendingFirst one={one} sheet={sheet} close={close} file={file} />
          ) : (
            <Mending one={one} sheet={sheet} close={close} />
          )
        }
      </Loaded>
    </section>
  );
}

async function refused(one: Import, signal: AbortSignal): Promise<Sheet> {
  const rowsFile = await file(at`v1/imports/${one.import_id}/refused.csv`, signal);
  const text = (await rowsFile?.text()) ?? "";
  const delimiter = one.detected?.delimiter ?? ",";
  const [header = [], ...rows] = rowsOf(text, delimiter);
  return { header: header.slice(0, -ADDED), rows: rows.map(split), delimiter };
}

function split(row: readonly string[]): Row {
  const [line = "", column = "", code = "", said = ""] = row.slice(-ADDED);
  return { cells: row.slice(0, -ADDED), line, column, code, detail: said };
}

function TooMany({ rows, close }: { rows: number; close: () => void }): JSX.Element {
  return (
    <>
      <p>{t("mend.tooMany", { n: rows })}</p>
      <div class="actions">
        <button type="button" onClick={close}>
          {t("cancel")}
        </button>
      </div>
    </>
  );
}

type TableProps = {
  readonly one: Import;
  readonly header: readonly string[];
  readonly rows: readonly Row[];
  readonly set: (rows: readonly Row[]) => void;
};

/** The rows with a field for each cell; a row can be left out. */
function Cells({ one, header, rows, set }: TableProps): JSX.Element {
  const write = (at: number, index: number, text: string): void =>
    set(rows.map((row, here) => (here === at ? { ...row, cells: row.cells.with(index, text) } : row)));
  const table = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The focus moves to the first wrong cell.
    const first = table.current?.querySelector("input");
    (table.current?.querySelector<HTMLInputElement>(".wrong input") ?? first)?.focus();
  }, []);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keyboard
    <div ref={table} class="scroll" role="region" aria-label={t("mend.title")} tabIndex={0}>
      <table class="grid mend">
        <thead>
          <tr>
            <th scope="col">{t("problems.line")}</th>
            {header.map((name, index) => (
              <th key={index} scope="col">
                <span class="name">{name}</span>
              </th>
            ))}
            <th scope="col">{t("problems.why")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={row.line}>
              <th scope="row">
                <span class="below">{t("problems.line")}</span> {number(Number(row.line))}
                <button
                  type="button"
                  class="plain"
                  aria-label={t("mend.leaveOut", { line: row.line })}
                  onClick={() => set(rows.filter((_, here) => here !== at))}
                >
                  ×
                </button>
              </th>
              {row.cells.map((cell, index) => (
                <td key={index} class={header[index] === row.column ? "wrong" : undefined} data-name={header[index]}>
                  <input
                    aria-label={t("mend.cell", { line: row.line, name: header[index] ?? "" })}
                    value={cell}
                    onInput={(event) => write(at, index, event.currentTarget.value)}
                  />
                </td>
              ))}
              <td class="why">
                {titleOf(row.code)}
                <small>{why(one, row)}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type MendingProps = { readonly one: Import; readonly sheet: Sheet; readonly close: () => void };

/** After an import: the corrected rows as a new file. */
function Mending({ one, sheet, close }: MendingProps): JSX.Element {
  const [rows, set] = useState(sheet.rows);
  const upload = useUpload();
  const again = async (event: Event): Promise<void> => {
    event.preventDefault();
    const text = textOf([sheet.header, ...rows.map((row) => row.cells)], sheet.delimiter);
    const mended = new File([text], `mended-${one.file_name}`, { type: "text/csv" });
    await upload.start(one.kind, mended, { ...same(one, sheet), review: false });
  };
  return (
    <ApiForm of={upload.sending} submit={again}>
      <p class="hint">{t("mend.hint")}</p>
      <Cells one={one} header={sheet.header} rows={rows} set={set} />
      {upload.share !== undefined && <Uploading of={upload} />}
      <div class="actions">
        <button type="button" onClick={close} disabled={upload.sending.busy}>
          {t("cancel")}
        </button>
        <button type="submit" class="main" disabled={upload.sending.busy || rows.length === 0}>
          {t("mend.send", { n: rows.length })}
        </button>
      </div>
    </ApiForm>
  );
}

/** In a review: the rows corrected in the file itself, which is then reviewed in place of the former one. */
function MendingFirst({ one, sheet, close, file }: MendingProps & { readonly file: File }): JSX.Element {
  const [rows, set] = useState(sheet.rows);
  const [moved, setMoved] = useState(false);
  const upload = useUpload();
  const changed = sheet.rows.flatMap((before) => {
    const after = rows.find(({ line }) => line === before.line)?.cells ?? null;
    return after === before.cells ? [] : [{ line: Number(before.line), before: before.cells, after }];
  });
  const again = async (event: Event): Promise<void> => {
    event.preventDefault();
    const before = await textIn(file, one);
    const text = before === null ? null : correctedText(before, one.detected?.delimiter ?? "", changed);
    setMoved(text === null);
    if (text === null) return;
    const mended = new File([text], file.name, { type: "text/csv" });
    await upload.start(one.kind, mended, { ...asBefore(one), review: true }, one);
  };
  return (
    <ApiForm of={upload.sending} submit={again}>
      <p class="hint">{t("mend.firstHint")}</p>
      {moved && (
        <p class="error" role="alert">
          {t("mend.moved")}
        </p>
      )}
      <Cells one={one} header={sheet.header} rows={rows} set={set} />
      {upload.share !== undefined && <Uploading of={upload} />}
      <div class="actions">
        <button type="button" onClick={close} disabled={upload.sending.busy}>
          {t("cancel")}
        </button>
        <button type="submit" class="main" disabled={upload.sending.busy || changed.length === 0}>
          {t("mend.lookAgain")}
        </button>
      </div>
    </ApiForm>
  );
}

const LARGEST = 32e6;
const LABELS: Readonly<Record<string, string>> = {
  "utf-8": "utf-8",
  cp1252: "windows-1252",
  "iso-8859-15": "iso-8859-15",
  "mac-roman": "macintosh",
  "utf-16-le": "utf-16le",
  "utf-16-be": "utf-16be",
};

/** Whether the refused rows of a file can be corrected before it is imported. */
export function canCorrect(one: Import): boolean {
  return one.refused_file && one.counts.refused <= MAX_ROWS && (one.detected?.encoding ?? "") in LABELS;
}

/** The file of the import if available: uploaded from this page, or chosen again after a reload. */
export function fileOf(one: Import, chosen: File | undefined): File | undefined {
  const file = chosen ?? sentFor(one);
  return file && file.size <= LARGEST ? file : undefined;
}

/** The text of the file; null if its encoding is not the import's. */
async function textIn(file: File, one: Import): Promise<string | null> {
  const decoder = new TextDecoder(LABELS[one.detected?.encoding ?? ""], { fatal: true });
  try {
    return decoder.decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}

/** Correct the rows in the page: at once if the file is available, otherwise once it is chosen again. */
export function CorrectHere({ file, choose, mend }: CorrectHereProps): JSX.Element {
  if (file)
    return (
      <p>
        <button type="button" onClick={mend}>
          {t("mend.first")}
        </button>
      </p>
    );
  return (
    <label class="button picks">
      {t("mend.again")}
      <input
        type="file"
        accept=".csv,.txt,text/csv,text/plain"
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          if (chosen && chosen.size <= LARGEST) {
            choose(chosen);
            mend();
          } else if (chosen) showNotice(t("mend.tooLarge"), "bad");
        }}
      />
    </label>
  );
}

type CorrectHereProps = {
  readonly file: File | undefined;
  readonly choose: (file: File) => void;
  readonly mend: () => void;
};

/** All options of the file so far; it is sent as UTF-8. */
function asBefore(one: Import): Options {
  const { all_rows, ...options } = one.options;
  const consent = options.consent || one.consent !== null;
  return {
    ...options,
    ...(one.group && { group: one.group }),
    ...(one.event_id && { event_id: one.event_id }),
    consent,
    encoding: "utf-8",
  } as Options;
}

/** The problem in the reader's language; beyond the first problems only the file's own sentence is known. */
function why(one: Import, row: Row): string {
  const problem = one.problems?.find((problem) => `${problem.line}` === row.line && problem.code === row.code);
  return problem ? aboutRow(problem) : row.detail;
}

/** The options for a file that adds to the first one: those of the first, with existing rows kept. */
function same(one: Import, sheet: Sheet): Options {
  const { mode, group, consent, notify, raw, create_missing, suppress_welcome, event_id, when_full, order_grouping } =
    one.options;
  const stored = one.status === "complete" || one.status === "partial";
  const next = mode === "remove" ? "remove" : stored ? "append" : mode;
  return {
    ...(one.kind === "target_group" && { group: group ?? one.group, mode: next ?? "append" }),
    ...(one.kind === "tickets" && {
      event_id: event_id ?? one.event_id ?? "",
      when_full: when_full ?? "stop",
      order_grouping: order_grouping ?? "buyer",
    }),
    ...(one.kind === "customers" && {
      create_missing: create_missing ?? true,
      suppress_welcome: suppress_welcome ?? false,
    }),
    ...((consent || one.consent) && { consent: true }),
    notify: notify ?? null,
    raw: raw ?? false,
    delimiter: sheet.delimiter,
    header_rows: 1,
  };
}
