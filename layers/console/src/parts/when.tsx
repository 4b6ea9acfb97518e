// An instant, said from now and kept up to date; the exact one, in the organiser's zone, on hovering.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { dateAndTime, fromNow } from "../times";

const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 30_000);

/** "2 hours ago", "in 3 days". */
export function When({ at }: { at: string }): JSX.Element {
  return (
    <time dateTime={at} title={dateAndTime(at)}>
      {fromNow(at, now.value)}
    </time>
  );
}
