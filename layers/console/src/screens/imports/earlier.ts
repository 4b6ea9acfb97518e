// What was chosen last for a file with the same header: remembered in this browser, and never used unasked.

import type { Answers, Import } from "../../imports";
import { organiser } from "../../session";

export type Chosen = { readonly mapping: Readonly<Record<string, number>>; readonly answers: Answers };

const KEPT = "guestlist.chosen";
const MAX_REMEMBERED = 50;

type Kept = readonly (readonly [key: string, chosen: Chosen])[];

/** What was chosen for the last file of this kind with these headers; undefined if there was none. */
export function chosenBefore(one: Import): Chosen | undefined {
  const key = keyOf(one);
  return key === undefined ? undefined : kept().find(([known]) => known === key)?.[1];
}

export function rememberChosen(one: Import, chosen: Chosen): void {
  const key = keyOf(one);
  if (key === undefined) return;
  const others = kept().filter(([known]) => known !== key);
  localStorage.setItem(KEPT, JSON.stringify([[key, chosen], ...others].slice(0, MAX_REMEMBERED)));
}

function keyOf({ kind, detected }: Import): string | undefined {
  const headers = detected?.headers ?? [];
  if (headers.length === 0 || !organiser.value) return undefined;
  return JSON.stringify([organiser.value.organiser_id, kind, headers]);
}

function kept(): Kept {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}
