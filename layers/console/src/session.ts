// Who is signed in. The token lives as long as the tab does, and is never in an address.

import { signal } from "@preact/signals";
import type { Organiser } from "./nouns";

const KEPT = "guestlist.token";

export const token = signal(sessionStorage.getItem(KEPT) ?? "");
/** The organiser whose token it is; null until the API has said so. */
export const organiser = signal<Organiser | null>(null);
/** Why the reader was signed out, to be said at the sign-in. */
export const farewell = signal("");

export function signIn(given: string): void {
  sessionStorage.setItem(KEPT, given);
  farewell.value = "";
  token.value = given;
}

export function signOut(why = ""): void {
  sessionStorage.removeItem(KEPT);
  farewell.value = why;
  organiser.value = null;
  token.value = "";
}

/** The API no longer knows the token: back to the sign-in, unless that has happened already. */
export function expire(why: string): void {
  if (token.value) signOut(why);
}
