// The foot of a form: the button that sends it.

import type { ComponentChildren, JSX } from "preact";
import { t } from "../words";
import type { Sending } from "./send";

type Props = {
  readonly of: Sending;
  readonly act?: string;
  /** Whether there is something to send. */
  readonly ready?: boolean;
  /** Closes a dialog without sending; a page needs no such button. */
  readonly cancel?: () => void;
  /** What else stands before the button. */
  readonly children?: ComponentChildren;
};

export function Submit({ of: { busy }, act = t("save"), ready = true, cancel, children }: Props): JSX.Element {
  return (
    <div class="actions">
      {children}
      {cancel && (
        <button type="button" onClick={cancel}>
          {t("cancel")}
        </button>
      )}
      <button type="submit" class="main" disabled={busy || !ready}>
        {act}
      </button>
    </div>
  );
}
