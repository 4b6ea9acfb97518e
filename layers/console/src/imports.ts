// Imports as the API tells of them, and what a file of each kind may hold.

import { post, Problem } from "./api";
import { t } from "./words";

export const KINDS = ["target_group", "customers", "tickets", "purchases"] as const;
export type Kind = (typeof KINDS)[number];
export type Mode = "create" | "replace" | "append" | "remove";
export type Status = "awaiting_upload" | "reading" | "awaiting_review" | "importing" | "complete" | "partial" | "failed" | "cancelled";

export type Options = {
  readonly group?: string | null;
  readonly mode?: Mode | null;
  readonly event_id?: string | null;
  readonly when_full?: "continue" | "stop" | null;
  readonly notify?: string | null;
  readonly consent?: boolean;
  readonly on_error?: "skip" | "abort";
  readonly raw?: boolean;
  readonly create_missing?: boolean;
  readonly suppress_welcome?: boolean;
  readonly order_grouping?: "buyer" | "row" | "file";
  readonly header_rows?: number | null;
  readonly delimiter?: string | null;
  readonly encoding?: string | null;
};

export type Detected = {
  readonly encoding: string;
  readonly delimiter: string | null;
  readonly header_rows: number;
  readonly mapping: Readonly<Record<string, number>>;
  readonly headers: readonly string[];
  readonly suggested: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
};

export type RowProblem = {
  readonly line: number;
  readonly column: string | null;
  readonly value: string;
  readonly code: string;
  readonly detail: string;
};

export type Tally = Readonly<Record<string, number>>;

export type Import = {
  readonly import_id: string;
  readonly kind: Kind;
  readonly status: Status;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly file_name: string;
  readonly group: string | null;
  readonly group_id?: string;
  readonly event_id?: string;
  readonly created_at: string;
  readonly created_by: string;
  readonly finished_at: string | null;
  readonly expires_at: string;
  readonly progress: number;
  readonly detected: Detected | null;
  readonly preview?: readonly (readonly string[])[];
  readonly preview_lines?: readonly number[];
  readonly counts: { readonly total: number; readonly imported: number; readonly refused: number };
  readonly tickets?: Tally;
  readonly contacts?: Tally;
  readonly effect?: Tally;
  readonly problems?: readonly RowProblem[];
  readonly refused_file: boolean;
  readonly consent: { readonly by: string; readonly at: string } | null;
  readonly undone: { readonly at: string; readonly kept: readonly string[] } | null;
  readonly options: Options;
};

type Form = { readonly url: string; readonly fields: Readonly<Record<string, string>> };
type Opened = { readonly import_id: string; readonly upload: Form };

/** The fields of each kind of file, by the API's names for them. */
export const FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  target_group: ["Code", "Email", "Category", "Seat", "Quantity"],
  customers: ["Email", "Name", "Customer groups", "Removal date"],
  tickets: ["Ticket code", "Name", "Email", "Original date"],
  purchases: ["Order", "Email", "Name", "Sale item", "Quantity", "Purchased at"],
};

/** Whether the server is at work on it. */
export function busy(one: Import): boolean {
  return one.status === "awaiting_upload" || one.status === "reading" || one.status === "importing";
}

export function ended(one: Import): boolean {
  return !busy(one) && one.status !== "awaiting_review";
}

/** Ask for an import and send its file; answers the import's id. `progress` is told the share sent, from 0 to 1. */
export async function begin(kind: Kind, file: File, options: Options & { review: boolean }, progress: (share: number) => void): Promise<string> {
  const said = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== "" && value !== undefined));
  const opened = await post<Opened>("v1/imports", { ...said, kind, file_name: file.name.slice(-255) || "list.csv" });
  await send(opened.upload, file, progress);
  return opened.import_id;
}

/** `fetch` does not tell how far a body has been sent. */
function send(form: Form, file: File, progress: (share: number) => void): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append("file", file);
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = (event) => progress(event.loaded / Math.max(event.total, 1));
    request.onload = () => (request.status < 300 ? done() : failed(refused(request)));
    request.onerror = () => failed(new Problem(0, "offline", t("problem.offline")));
    request.open("POST", form.url);
    request.send(body);
  });
}

function refused(request: XMLHttpRequest): Problem {
  const tooLarge = request.responseText.includes("EntityTooLarge");
  return new Problem(request.status, "upload_refused", t(tooLarge ? "import.tooLarge" : "import.uploadRefused"));
}
