// Who is signed in. The browser keeps the session in a cookie that no script can read; every tab has the same one.

import { signal } from "@preact/signals";
import type { Organiser } from "./nouns";
import { problemText } from "./words";

const CURRENT = "v1/sessions/current";

/** Whether the browser may have a session: it is supposed until the API says otherwise. */
export const signedIn = signal(true);
/** Another number for each session, so that nothing of the one before stays on the page. */
export const session = signal(0);
/** The organiser whose session it is; null until the API has said so. */
export const organiser = signal<Organiser | null>(null);
/** Why the reader was signed out, to be said at the sign-in. */
export const farewell = signal("");

let csrf = "";
const tabs = new BroadcastChannel("guestlist.session");
tabs.onmessage = () => anew(true);

/** What the API wants with each change; asked for when it is first needed. */
export async function csrfToken(): Promise<string> {
  if (!csrf) {
    const answer = await fetch(CURRENT);
    csrf = answer.ok ? storeToken(await answer.json()) : "";
  }
  return csrf;
}

/** Begin a session; answers what the API said of it. */
export async function begin(token: string): Promise<Response> {
  const answer = await fetch("v1/session", { method: "POST", headers: { Authorization: `Bearer ${token}` } });
  if (answer.ok) {
    farewell.value = "";
    anew(true, storeToken(await answer.json()));
    tabs.postMessage("begun");
  }
  return answer;
}

export async function signOut(): Promise<void> {
  try {
    await fetch(CURRENT, { method: "DELETE", headers: { "X-CSRF-Token": await csrfToken() } });
  } catch {
    farewell.value = problemText("offline");
  }
  anew(false);
  tabs.postMessage("ended");
}

/** The API does not know the session: back to the sign-in, with a sentence for who was signed in. */
export function expire(why: string): void {
  if (!signedIn.value) return;
  farewell.value = organiser.value ? why : "";
  anew(false);
}

function anew(supposed: boolean, token = ""): void {
  csrf = token;
  organiser.value = null;
  signedIn.value = supposed;
  session.value += 1;
}

function storeToken(answer: { csrf_token: string }): string {
  return answer.csrf_token;
}
