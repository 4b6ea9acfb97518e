// Numbers by the hour as a bar chart, and as a table for screen readers.

import type { JSX } from "preact";
import { dayOf, hourOf } from "../times";
import { number } from "../words";

export type Hour = { readonly start: string; readonly n: number };

const MAX_HOURS = 24;

type BarsProps = {
  readonly caption: string;
  readonly hours: readonly Hour[];
};

/** A bar for each hour, or for each day if there are too many hours. */
export function Bars({ caption, hours }: BarsProps): JSX.Element {
  const bars = summed(hours, hours.length > MAX_HOURS ? dayOf : hourOf);
  const most = Math.max(...bars.map(([, n]) => n), 1);
  return (
    <table class="bars">
      <caption class="unseen">{caption}</caption>
      <tbody>
        {bars.map(([name, n]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <span class="bar" style={{ width: `${(100 * n) / most}%` }} />
              <span>{number(n)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function summed(hours: readonly Hour[], name: (at: string) => string): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const { start, n } of hours) sums.set(name(start), (sums.get(name(start)) ?? 0) + n);
  return [...sums];
}

/** A bar with the used share of a whole, at most all of it. */
export function Share({ of, taken }: { of: number; taken: number }): JSX.Element {
  const share = taken === 0 ? 0 : Math.min(100, (100 * taken) / of);
  return (
    <div class={taken > of ? "share over" : "share"} aria-hidden="true">
      <span style={{ width: `${share}%` }} />
    </div>
  );
}
