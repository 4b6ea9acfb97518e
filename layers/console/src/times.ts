// Formatting of times: in the organiser's zone, or relative to now.

import { organiser } from "./session";
import { language, type Message } from "./words";

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** The browser's variant of the console's language, such as en-GB. */
function locale(): string {
  return navigator.languages.find((tag) => tag.startsWith(language.value)) ?? language.value;
}

function zone(): string {
  return organiser.value?.time_zone ?? "UTC";
}

export function date(at: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: zone() }).format(new Date(at));
}

export function dateAndTime(at: string): string {
  const how: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short", timeZone: zone() };
  return new Intl.DateTimeFormat(locale(), how).format(new Date(at));
}

/** The day, abbreviated. */
export function dayOf(at: string): string {
  const how: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", timeZone: zone() };
  return new Intl.DateTimeFormat(locale(), how).format(new Date(at));
}

/** The hour with its day, abbreviated. */
export function hourOf(at: string): string {
  const how: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", timeZone: zone() };
  return `${dayOf(at)} ${new Intl.DateTimeFormat(locale(), how).format(new Date(at))}`;
}

const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;

/** A message of the API with formatted times. */
export function readable<M extends Message | null>(message: M): M {
  if (message === null) return message;
  const read = Object.entries(message.params).map(([name, value]) => {
    if (typeof value !== "string" || !INSTANT.test(value)) return [name, value];
    const at = value.replace(" UTC", "Z").replace(" ", "T");
    return [name, name === "until" ? until(at) : dateAndTime(at)];
  });
  return { ...message, params: Object.fromEntries(read) };
}

/** The end of something: an end at midnight is shown as the day before. */
export function until(at: string): string {
  const last = new Date(new Date(at).getTime() - 1000);
  const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: zone() }).format(last);
  return time === "23:59:59" ? date(last.toISOString()) : dateAndTime(at);
}

/** The day in the organiser's zone, as `<input type="date">` holds it. */
export function day(at: Date): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    timeZone: zone(),
  });
  return parts.format(at);
}

/** The value of such a field in words, as the field itself uses the browser's language. */
export function spelled(local: string): string {
  const at = new Date(local.includes("T") ? `${local}Z` : local);
  if (Number.isNaN(at.getTime())) return "";
  const time = local.includes("T") ? ({ timeStyle: "short" } as const) : {};
  return new Intl.DateTimeFormat(locale(), { dateStyle: "full", ...time, timeZone: "UTC" }).format(at);
}

/** The instant of a time in the organiser's zone, as `<input type="datetime-local">` holds it. */
export function instantOf(local: string): string {
  const target = new Date(`${local}Z`).getTime();
  // Once more, since the offset of the zone may differ at the first result.
  const first = target - ahead(target);
  return new Date(target - ahead(first)).toISOString();
}

/** The reverse: a time as the value of the field, to the minute. */
export function localOf(instant: string): string {
  const at = new Date(instant).getTime();
  return new Date(at + ahead(at)).toISOString().slice(0, 16);
}

/** The offset of the organiser's zone from UTC at that time, in milliseconds. */
function ahead(at: number): number {
  const how: Intl.DateTimeFormatOptions = { dateStyle: "short", timeStyle: "medium", timeZone: zone() };
  const shown = new Intl.DateTimeFormat("sv-SE", how).format(new Date(at));
  return new Date(`${shown.replace(" ", "T")}Z`).getTime() - Math.floor(at / 1000) * 1000;
}

/** "2 hours ago", "in 3 days": in the largest unit of which there is one. */
export function fromNow(at: string, now: number = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  const format = new Intl.RelativeTimeFormat(language.value, { numeric: unit === "second" ? "auto" : "always" });
  return format.format(unit === "second" ? 0 : Math.trunc(seconds / length), unit);
}
