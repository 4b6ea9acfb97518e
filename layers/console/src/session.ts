// The session. The browser keeps it in a cookie that no script can read; all tabs share it.

import { signal } from "@preact/signals";
import type { Organiser } from "./types";
import { problemText } from "./words";

const CURRENT = "v1/sessions/current";

/** Whether the browser may have a session: assumed until the API denies it. */
export const signedIn = signal(true);
/** The number of the session: a new one rerenders the whole page. */
export const session = signal(0);
/** The organiser of the session; null until it is loaded. */
export const organiser = signal<Organiser | null>(null);
/** The reason for the last sign-out, shown at the sign-in. */
export const signOutReason = signal("");

let csrf = "";
const tabs = new BroadcastChannel("guestlist.session");
tabs.onmessage = () => changeSession(true);

/** The CSRF token for changes, fetched when it is first needed. */
export async function csrfToken(): Promise<string> {
  if (!csrf) {
    const answer = await fetch(CURRENT);
    csrf = answer.ok ? storeToken(await answer.json()) : "";
  }
  return csrf;
}

/** Begin a session and return the response. */
export async function begin(token: string): Promise<Response> {
  const answer = await fetch("v1/session", { method: "POST", headers: { Authorization: `Bearer ${token}` } });
  if (answer.ok) {
    signOutReason.value = "";
    changeSession(true, storeToken(await answer.json()));
    tabs.postMessage("begun");
  }
  return answer;
}

export async function signOut(): Promise<void> {
  try {
    await fetch(CURRENT, { method: "DELETE", headers: { "X-CSRF-Token": await csrfToken() } });
  } catch {
    signOutReason.value = problemText("offline");
  }
  changeSession(false);
  tabs.postMessage("ended");
}

/** End the session after a 401: show the sign-in, with a sentence for a user who was signed in. */
export function expire(why: string): void {
  if (!signedIn.value) return;
  signOutReason.value = organiser.value ? why : "";
  changeSession(false);
}

function changeSession(supposed: boolean, token = ""): void {
  csrf = token;
  organiser.value = null;
  signedIn.value = supposed;
  session.value += 1;
}

function storeToken(answer: { csrf_token: string }): string {
  return answer.csrf_token;
}
