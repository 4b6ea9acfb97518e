// Texts in the reader's language: those of the screens, whose English table the others must match,
// and the messages of the catalogue, which says what the API means by its code words.

import { signal } from "@preact/signals";
import * as catalogue from "../generated/messages";
import { legible } from "./addresses";
import { fits, type Language, numeral, type Params, render, type Text } from "./messages";
import { da } from "./words/da";
import { en } from "./words/en";
import { nl } from "./words/nl";

export type { Language, Params } from "./messages";
export type Plural = { readonly one: string; readonly other: string };
export type Key = keyof typeof en;
export type Table = { readonly [K in Key]: (typeof en)[K] extends string ? string : Plural };

/** A stored message: its code word and parameters. */
export type Message = { readonly code: string; readonly params: Params };

type Texts<W> = W extends Plural ? W["one"] | W["other"] : W;
type HolesOf<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | HolesOf<Rest> : never;
type Holes<W> = HolesOf<Texts<W>>;
/** The keys of texts without placeholders. */
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
const messages: Readonly<Record<Language, Readonly<Record<string, Text>>>> = catalogue;
export const languages: readonly { readonly code: Language; readonly name: string }[] = [
  { code: "en", name: "English" },
  { code: "nl", name: "Nederlands" },
  { code: "da", name: "Dansk" },
];

const STORAGE_KEY = "guestlist.language";
export const language = signal<Language>(preferred());
document.documentElement.lang = language.value;

function preferred(): Language {
  const tags = [sessionStorage.getItem(STORAGE_KEY) ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2));
  return languages.map((one) => one.code).find((code) => code === tags.find((tag) => tag in tables)) ?? "en";
}

export function speak(code: Language): void {
  sessionStorage.setItem(STORAGE_KEY, code);
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

/** The label for an enum value of the API, such as a kind of file; the value itself if it has none. */
export function labelOf(kind: string, word: string, otherwise: string): string {
  const table: Readonly<Record<string, string | Plural>> = tables[language.value];
  return coded(kind, word, {}, otherwise, table);
}

/** The message of a code word with its parameters; the API's own sentence if there is none. */
export function coded(
  kind: string,
  code: string,
  params: Params,
  otherwise: string,
  table: Readonly<Record<string, Text>> = messages[language.value],
): string {
  const text = table[`${kind}.${code}.${params.reason}`] ?? table[`${kind}.${code}`];
  return text !== undefined && fits(text, params) ? fill(text, params) : otherwise;
}

/** The message of a problem that the console itself detects, by its code word. */
export function problemText(code: string): string {
  return coded("problem", code, {}, code);
}

/** The texts of stored messages; of older ones only their sentences exist. */
export function codedAll(kind: string, all: readonly Message[], sentences: readonly string[]): readonly string[] {
  return sentences.map((sentence, index) => codedOne(kind, all[index] ?? null, sentence));
}

export function codedOne(kind: string, one: Message | null, sentence: string): string {
  return one ? coded(kind, one.code, one.params, sentence) : sentence;
}

/** The text with its values; addresses are shown with decoded domains. */
function fill(text: Text, values: Params): string {
  const shown = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "string" ? legible(value) : value,
  ]);
  return render(text, Object.fromEntries(shown), language.value);
}

export function number(value: number): string {
  return numeral(value, language.value);
}

export function percent(part: number, digits = 0): string {
  return new Intl.NumberFormat(language.value, { style: "percent", maximumFractionDigits: digits }).format(part);
}

/** "a, b and c". */
export function listed(items: readonly string[]): string {
  return new Intl.ListFormat(language.value).format(items);
}
