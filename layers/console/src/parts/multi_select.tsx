// A selection of several suggestions, each of which can be removed again.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../words";
import { type Option, Typeahead } from "./typeahead";

export type Selected = Pick<Option, "id" | "name">;

type Props = {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly chosen: readonly Selected[];
  readonly change: (chosen: readonly Selected[]) => void;
  readonly search: (text: string, signal: AbortSignal) => Promise<readonly Option[]>;
};

export function MultiSelect({ label, hint, error, chosen, change, search }: Props): JSX.Element {
  const [typed, type] = useState("");
  const pick = (text: string, picked: Option | null): void => {
    type(picked ? "" : text);
    if (picked && chosen.every((one) => one.id !== picked.id))
      change([...chosen, { id: picked.id, name: picked.name }]);
  };
  return (
    <div>
      <Typeahead
        label={label}
        hint={hint}
        error={error}
        value={typed}
        change={pick}
        search={search}
        only
        // Without it an unfinished choice would be lost, and an item for members would be open to everybody.
        unsound={typed.trim() ? t("chosen.pick") : ""}
      />
      <ul class="chips" aria-label={label}>
        {chosen.map((one) => (
          <li key={one.id}>
            {one.name}
            <button
              type="button"
              class="plain"
              aria-label={t("leaveOut", { name: one.name })}
              onClick={() => change(chosen.filter((other) => other !== one))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
