// The foot of a form: what went wrong, and the button that sends it.

import type { ComponentChildren, JSX } from "preact";
import { t } from "../words";
import { type Sending, Trouble } from "./send";

type Props = {
  readonly of: Sending;
  /** The fields of the form that say themselves what is wrong with them. */
  readonly fields?: readonly string[];
  readonly act?: string;
  /** Whether there is something to send. */
  readonly ready?: boolean;
  /** What stands before the button. */
  readonly children?: ComponentChildren;
};

export function Submit({
  of: { busy, problem },
  fields = [],
  act = t("save"),
  ready = true,
  children,
}: Props): JSX.Element {
  return (
    <>
      <Trouble of={problem} fields={fields} />
      <div class="actions">
        {children}
        <button type="submit" class="main" disabled={busy || !ready}>
          {act}
        </button>
      </div>
    </>
  );
}
