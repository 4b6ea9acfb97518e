// A list that would lose more than a tenth of its entries: said in red, and done only where that is ticked.

import type { JSX } from "preact";
import type { Import } from "../../imports";
import { Tick } from "../../parts/field";
import { useLoad } from "../../parts/load";
import { number, t } from "../../words";
import { findGroup } from "./list";

const MUCH = 0.1;

/** How many of how many entries would leave the list. */
export type Loss = { readonly removed: number; readonly of: number };

/** What the import would take off its list; null where that is not much, undefined until the list's size is known. */
export function useLoss({ group, effect }: Import): Loss | null | undefined {
  const removed = effect?.revoked ?? 0;
  const list = useLoad(
    (signal) => (removed > 0 ? findGroup(group ?? "", signal) : Promise.resolve(null)),
    [group, removed],
  );
  if (removed === 0) return null;
  if (list.loading) return undefined;
  const of = Math.max(list.value?.members ?? 0, removed);
  return removed > MUCH * of ? { removed: removed, of } : null;
}

type Props = {
  readonly group: string;
  readonly loss: Loss;
  readonly value: boolean;
  readonly change: (yes: boolean) => void;
};

export function Shrinks({ group, loss: { removed: lost, of }, value, change }: Props): JSX.Element {
  return (
    <div class="alert bad stack" role="alert">
      <p>{t("review.shrinks", { n: lost, of: number(of), group: `“${group}”` })}</p>
      <Tick label={t("review.shrink", { n: lost })} value={value} change={change} />
    </div>
  );
}
