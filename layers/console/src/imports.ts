// Imports, and the fields of each kind of file.

import type { Answer, Body } from "./answers";
import { at, Problem, post } from "./api";
import { eventName } from "./event_names";
import { coded, labelOf, problemText, t } from "./words";

export const KINDS = ["target_group", "customers", "tickets", "purchases"] as const;
export type Import = Answer<"/v1/imports/{import_id}">;
export type Kind = Import["kind"];
export type Status = Import["status"];
export type Decision = NonNullable<Import["decisions"]>[number];
export type RowProblem = NonNullable<Import["problems"]>[number];

/** The title of a row's problem. */
export function titleOf(code: string): string {
  return coded("row_title", code, {}, code);
}

/** The description of a row's problem without line and column, which are shown beside it. */
export function aboutRow({ code, params, detail }: RowProblem): string {
  const { reason, value = "", event_id = "", first_line = 0 } = params;
  // Ids of imports and events mean nothing to people.
  const ticket = { value: `${value}`, event: event_id && eventName(`${event_id}`) };
  if (code === "duplicate_existing" && reason === "came_with_file")
    return t("problems.cameBefore", { ...ticket, line: Number(first_line) });
  if (code === "duplicate_existing" && reason === "came_alone") return t("problems.cameAlone", ticket);
  const sentence = coded("row", code, params, detail);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** The options of an import, without its kind and file. */
export type Options = Omit<Body<"/v1/imports", "post">, "kind" | "file_name">;

/** The answers to a file's questions, besides its mapping. */
export type Answers = Partial<
  Pick<Body<"/v1/imports/{import_id}/confirm", "post">, "leave_out" | "date_order" | "items">
>;

type Opened = Answer<"/v1/imports", "post">;
type Form = Opened["upload"];

const NAME_PARTS = ["First name", "Infix", "Last name"] as const;

/** The fields of each kind of file, by the API's names for them. */
export const FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  target_group: ["Code", "Email", "Category", "Seat", "Quantity"],
  customers: ["Email", "Name", ...NAME_PARTS, "Customer groups", "Removal date"],
  tickets: ["Ticket code", "Name", ...NAME_PARTS, "Email", "Original date", "Ticket type", "Seat", "Order"],
  purchases: ["Order", "Email", "Name", ...NAME_PARTS, "Sale item", "Quantity", "Purchased at"],
};

/** The name of an import: its file, or the action if it has none. */
export function nameOf({ file_name }: Import): string {
  return labelOf("by_hand", file_name, file_name);
}

/** Whether the server is processing it. */
export function busy(one: Import): boolean {
  return one.status === "awaiting_upload" || one.status === "reading" || one.status === "importing";
}

export function ended(one: Import): boolean {
  return !busy(one) && one.status !== "awaiting_review";
}

/** Create an import, upload its file and return its id. `progress` gets the uploaded share, from 0 to 1.
 * An import whose file was not sent is cancelled. */
export async function begin(
  kind: Kind,
  file: File,
  options: Options & { review: boolean },
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const requestOptions = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== null && value !== "" && value !== undefined),
  );
  const opened = await post<Opened>("v1/imports", {
    ...requestOptions,
    kind,
    file_name: file.name.slice(-255) || "list.csv",
  });
  try {
    await send(opened.upload, file, progress, signal);
  } catch (error) {
    await post(at`v1/imports/${opened.import_id}/cancel`).catch(() => undefined);
    throw error;
  }
  latest = { id: opened.import_id, file };
  return opened.import_id;
}

let latest: { readonly id: string; readonly file: File } | null = null;

/** The file of the import that was last uploaded from this page; undefined for others. */
export function sentFor({ import_id }: Import): File | undefined {
  return latest?.id === import_id ? latest.file : undefined;
}

/** `fetch` does not tell how far a body has been sent. */
function send(form: Form, file: File, progress: (share: number) => void, signal: AbortSignal): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append("file", file);
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = (event) => progress(event.loaded / Math.max(event.total, 1));
    request.onload = () => (request.status < 300 ? done() : failed(refused(request)));
    request.onerror = () => failed(new Problem(0, "offline", problemText("offline")));
    request.onabort = () => failed(signal.reason);
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", form.url);
    if (signal.aborted) failed(signal.reason);
    else request.send(body);
  });
}

function refused(request: XMLHttpRequest): Problem {
  const tooLarge = request.responseText.includes("EntityTooLarge");
  return new Problem(request.status, "upload_refused", t(tooLarge ? "import.tooLarge" : "import.uploadRefused"));
}
