// The answers given last for a file with the same header, stored in this browser and never used unasked.

import type { Answers, Import } from "../../imports";
import { organiser } from "../../session";

export type FormerAnswers = { readonly mapping: Readonly<Record<string, number>>; readonly answers: Answers };

const STORAGE_KEY = "guestlist.chosen";
const MAX_REMEMBERED = 50;

type StoredChoices = readonly (readonly [key: string, chosen: FormerAnswers])[];

/** The answers for the last file of this kind with these headers; undefined if there was none. */
export function formerAnswers(one: Import): FormerAnswers | undefined {
  const key = keyOf(one);
  return key === undefined ? undefined : storedChoices().find(([storedKey]) => storedKey === key)?.[1];
}

export function rememberAnswers(one: Import, chosen: FormerAnswers): void {
  const key = keyOf(one);
  if (key === undefined) return;
  const others = storedChoices().filter(([storedKey]) => storedKey !== key);
  localStorage.setItem(STORAGE_KEY, JSON.stringify([[key, chosen], ...others].slice(0, MAX_REMEMBERED)));
}

function keyOf({ kind, detected }: Import): string | undefined {
  const headers = detected?.headers ?? [];
  if (headers.length === 0 || !organiser.value) return undefined;
  return JSON.stringify([organiser.value.organiser_id, kind, headers]);
}

function storedChoices(): StoredChoices {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
