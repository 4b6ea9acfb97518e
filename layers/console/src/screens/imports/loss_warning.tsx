// The warning about a list that would lose more than a tenth of its entries, with a checkbox to allow it.

import type { JSX } from "preact";
import type { Import } from "../../imports";
import { Checkbox } from "../../parts/field";
import { useLoad } from "../../parts/load";
import { number, t } from "../../words";
import { findGroup } from "./target_group";

const MUCH = 0.1;

/** The number of removed entries, and of all entries of the list. */
export type Loss = { readonly removed: number; readonly of: number };

/** The loss of the list by the import; null if it is small, undefined until the size of the list is known. */
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

export function LossWarning({ group, loss: { removed: lost, of }, value, change }: Props): JSX.Element {
  return (
    <div class="alert bad stack" role="alert">
      <p>{t("review.shrinks", { n: lost, of: number(of), group: `“${group}”` })}</p>
      <Checkbox label={t("review.shrink", { n: lost })} value={value} change={change} />
    </div>
  );
}
