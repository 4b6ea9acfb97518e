// Instants as the organiser reads them: in the organiser's zone, or from now.

import { organiser } from "./session";
import { language } from "./words";

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** The reader's own way of writing the console's language: en-GB where the browser says so. */
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

/** Until when something lasts: what ends with a day is said to last to that day, not to the midnight after it. */
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

/** "2 hours ago", "in 3 days": in the largest unit of which there is one. */
export function fromNow(at: string, now: number = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  const format = new Intl.RelativeTimeFormat(language.value, { numeric: unit === "second" ? "auto" : "always" });
  return format.format(unit === "second" ? 0 : Math.trunc(seconds / length), unit);
}
