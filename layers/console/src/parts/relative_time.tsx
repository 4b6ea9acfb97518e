// A time relative to now, kept up to date, with the exact time in the organiser's zone as a tooltip.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { dateAndTime, fromNow } from "../times";

const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 30_000);

/** "2 hours ago", "in 3 days". */
export function RelativeTime({ at }: { at: string }): JSX.Element {
  return (
    <time dateTime={at} title={dateAndTime(at)}>
      {fromNow(at, now.value)}
    </time>
  );
}
