// Rendering of messages, by the rules of guestlist/messages/catalogue.py.

export type Language = "en" | "nl" | "da";
export type Text = string | { readonly one: string; readonly other: string };
type Value = string | number | readonly string[] | readonly number[];
export type Params = Readonly<Record<string, Value>>;

const PARAM = /\{(\w+)\}/g;

/** The message with its parameters; placeholders without a value are kept. */
export function render(text: Text, params: Params, language: Language): string {
  const form = typeof text === "string" ? text : text[params.n === 1 ? "one" : "other"];
  return form.replace(PARAM, (place, name: string) => shown(params[name] ?? place, params.n, language));
}

/** Whether each of its parameters has a value. */
export function fits(text: Text, params: Params): boolean {
  return typeof text === "string"
    ? [...text.matchAll(PARAM)].every(([, name]) => params[name ?? ""] !== undefined)
    : fits(text.one, params) && fits(text.other, params);
}

export function numeral(value: number, language: Language): string {
  return new Intl.NumberFormat(language).format(value);
}

function shown(value: Value, count: Value | undefined, language: Language): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return numeral(value, language);
  const items = value.map((one) => (typeof one === "string" ? `“${one}”` : `${one}`));
  // A list that was cut ends with an ellipsis.
  return (typeof count === "number" && count > value.length ? [...items, "…"] : items).join(", ");
}
