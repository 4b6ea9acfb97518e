// The client of the API: every call returns its response or throws a `Problem` with a sentence.

import { csrfToken, expire } from "./session";
import { coded, labelOf, language, type Params, problemText, t } from "./words";

export type FieldFault = {
  readonly field: string;
  readonly code: string;
  readonly detail: string;
  readonly params?: Params;
};
type ProblemBody = { code?: string; detail?: string; params?: Params; errors?: FieldFault[]; [more: string]: unknown };

const TRIES = 3;
const LONGEST_WAIT = 5;

/** A failed call: its status (0 if the API was not reached), code word and sentence. */
export class Problem extends Error {
  readonly #shown = new Set<FieldFault>();
  #shownWhole = false;

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly faults: readonly FieldFault[] = [],
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  get offline(): boolean {
    return this.status === 0;
  }

  /** The error of a field of the request, to be shown at the field; undefined if it has none. */
  about(field: string): string | undefined {
    const faults = this.faults.filter((fault) => fault.field === field || fault.field.startsWith(`${field}.`));
    for (const fault of faults) this.#shown.add(fault);
    return [...new Set(faults.map(sentence))].join(" ") || undefined;
  }

  /** The sentence, to be shown at a field, if the problem has this code word. */
  because(code: string): string | undefined {
    if (this.code !== code) return undefined;
    this.#shownWhole = true;
    return this.message;
  }

  /** The errors that no field shows. */
  get elsewhere(): readonly string[] {
    if (this.#shownWhole) return [];
    if (this.faults.length === 0) return [this.message];
    return this.faults
      .filter((fault) => !this.#shown.has(fault))
      .map((fault) => `${fieldName(fault.field)}: ${sentence(fault)}`);
  }
}

/** The label of a field of the API, by the last part of its path that has one. */
function fieldName(path: string): string {
  const parts = path.split(".").filter((part) => !/^\d+$/.test(part));
  const labels = parts.map((part) => labelOf("value", part, "")).filter(Boolean);
  return labels.at(-1) ?? t("value");
}

function sentence({ code, detail, params = {} }: FieldFault): string {
  return coded("fault", code, params, detail);
}

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return json<T>("GET", path, undefined, signal);
}

/** A POST with an idempotency key, which may be retried. */
export function post<T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
  return json<T>("POST", path, body, signal);
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return json<T>("PUT", path, body);
}

/** A PUT that only creates: a `Problem` with the code `exists` if it exists already. */
export function create<T>(path: string, body: unknown): Promise<T> {
  return json<T>("PUT", path, body, undefined, { "If-None-Match": "*" });
}

/** A call that requires the token instead of a session, as it returns a secret once.
 * With `fresh`, a `Problem` with the code `exists` if it exists already. */
export function withToken<T>(
  method: "POST" | "PUT",
  path: string,
  token: string,
  body: unknown = {},
  fresh = false,
): Promise<T> {
  const more = { Authorization: `Bearer ${token}`, ...(fresh && { "If-None-Match": "*" }) };
  return json<T>(method, path, body, undefined, more);
}

export function patch<T>(path: string, body: unknown): Promise<T> {
  return json<T>("PATCH", path, body);
}

export function remove<T = void>(path: string): Promise<T> {
  return json<T>("DELETE", path);
}

/** A file of the API, from the URL that the call redirects to; null while it is being written. */
export async function file(path: string, signal?: AbortSignal): Promise<Blob | null> {
  const answer = await sendRequest("GET", path, undefined, signal);
  return answer.status === 202 ? null : answer.blob();
}

/** Download a file under that name. */
export function download(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** A path with escaped parameters: at`v1/groups/${id}`. */
export function at(path: TemplateStringsArray, ...parameters: string[]): string {
  return String.raw({ raw: path }, ...parameters.map(encodeURIComponent));
}

/** A path with its query; undefined and empty parameters are left out. */
export function query(path: string, parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

type Headed = Readonly<Record<string, string>>;

async function json<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  more: Headed = {},
): Promise<T> {
  const answer = await sendRequest(method, path, body, signal, more);
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

async function sendRequest(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  more: Headed = {},
): Promise<Response> {
  const headers: Record<string, string> = { "Accept-Language": language.value, ...more };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method === "POST") headers["Idempotency-Key"] = unique();
  const request: RequestInit = { method, headers, signal: signal ?? null };
  if (body !== undefined) request.body = JSON.stringify(body);
  if (method !== "GET") headers["X-CSRF-Token"] = await reached(csrfToken());
  for (let triesLeft = TRIES - 1; ; triesLeft--) {
    const answer = await fetchOnce(path, request);
    if (answer.ok) return answer;
    const wait = Number(answer.headers.get("Retry-After") ?? LONGEST_WAIT + 1);
    const again = triesLeft > 0 && wait <= LONGEST_WAIT && [429, 503].includes(answer.status);
    if (!again) throw await problem(answer, "Authorization" in more);
    await pause(wait, signal);
  }
}

async function fetchOnce(path: string, request: RequestInit): Promise<Response> {
  try {
    return await reached(fetch(path, request));
  } catch (error) {
    if (request.signal?.aborted) throw request.signal.reason;
    throw error;
  }
}

/** The response, or a `Problem` if the API is not reached. */
async function reached<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch {
    throw new Problem(0, "offline", problemText("offline"));
  }
}

/** With `own` the call had its own token, so that a 401 does not end the session. */
async function problem(answer: Response, own: boolean): Promise<Problem> {
  const body: ProblemBody = await answer.json().catch(() => ({}));
  const { code = "error", detail = "", params = {}, errors = [], ...facts } = body;
  if (answer.status === 401 && !own) expire(t("session.expired"));
  const text = answer.status >= 500 ? problemText("ours") : detail || problemText("unknown");
  return new Problem(answer.status, code, coded("problem", code, params, text), errors, { ...facts, ...params });
}

function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((go, stop) => {
    const timer = setTimeout(go, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      stop(signal.reason);
    });
  });
}

function unique(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
