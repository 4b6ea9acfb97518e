// What the page says, in the reader's language. English is the table that the others are held to.

import { signal } from "@preact/signals";
import { da } from "./words/da";
import { en } from "./words/en";
import { nl } from "./words/nl";

export type Language = "en" | "nl" | "da";
export type Plural = { readonly one: string; readonly other: string };
export type Key = keyof typeof en;
export type Table = { readonly [K in Key]: (typeof en)[K] extends string ? string : Plural };

type Texts<W> = W extends Plural ? W["one"] | W["other"] : W;
type HolesOf<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | HolesOf<Rest> : never;
type Holes<W> = HolesOf<Texts<W>>;
/** The keys of sentences without holes. */
export type Plain = { [K in Key]: [Holes<(typeof en)[K]>] extends [never] ? K : never }[Key];
type Filled<K extends Key> = { readonly [N in Holes<(typeof en)[K]>]: string | number };
type Fits<T extends Table> = {
  readonly [K in Key]: [Holes<T[K]>, Holes<(typeof en)[K]>] extends [Holes<(typeof en)[K]>, Holes<T[K]>] ? T[K] : never;
};

const tables: Readonly<Record<Language, Table>> = {
  en,
  nl: nl satisfies Fits<typeof nl>,
  da: da satisfies Fits<typeof da>,
};
export const languages: readonly { readonly code: Language; readonly name: string }[] = [
  { code: "en", name: "English" },
  { code: "nl", name: "Nederlands" },
  { code: "da", name: "Dansk" },
];

const KEPT = "guestlist.language";
export const language = signal<Language>(preferred());
document.documentElement.lang = language.value;

function preferred(): Language {
  const asked = [sessionStorage.getItem(KEPT) ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2));
  return languages.map((one) => one.code).find((code) => code === asked.find((tag) => tag in tables)) ?? "en";
}

export function speak(code: Language): void {
  sessionStorage.setItem(KEPT, code);
  document.documentElement.lang = code;
  language.value = code;
}

/** The sentence for a key; `n` chooses between one and several, and numbers are written as the language does. */
export function t<K extends Key>(
  key: K,
  ...filled: [Holes<(typeof en)[K]>] extends [never] ? [] : [Filled<K>]
): string {
  return fill(tables[language.value][key], filled[0] ?? {});
}

/** The sentence for a word of the API, such as a refusal's code; what the API says itself where we have none. */
export function told(kind: string, word: string, otherwise: string): string {
  const table: Readonly<Record<string, string | Plural>> = tables[language.value];
  const found = table[`${kind}.${word}`];
  return found === undefined ? otherwise : fill(found, {});
}

function fill(said: string | Plural, values: Readonly<Record<string, string | number>>): string {
  const text = typeof said === "string" ? said : said[one(values.n) ? "one" : "other"];
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    return typeof value === "number" ? number(value) : (value ?? hole);
  });
}

function one(n: string | number | undefined): boolean {
  return new Intl.PluralRules(language.value).select(Number(n)) === "one";
}

export function number(value: number): string {
  return new Intl.NumberFormat(language.value).format(value);
}

export function percent(part: number, digits = 0): string {
  return new Intl.NumberFormat(language.value, { style: "percent", maximumFractionDigits: digits }).format(part);
}

/** "a, b and c". */
export function listed(items: readonly string[]): string {
  return new Intl.ListFormat(language.value).format(items);
}
