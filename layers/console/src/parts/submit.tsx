// The foot of a form: the button that sends it.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../words";
import type { Sending } from "./send";

type Props = {
  readonly of: Sending;
  readonly act?: string;
  /** Whether there is something to send. */
  readonly ready?: boolean;
  /** Closes a dialog without sending; a page needs no such button. */
  readonly cancel?: () => void;
  /** Further elements before the button. */
  readonly children?: ComponentChildren;
};

export function Submit({ of: { busy }, act = t("save"), ready = true, cancel, children }: Props): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  const byKey = useRef(false);
  useEffect(() => {
    // A button that stays disabled, since all was sent, cannot take the focus back.
    if (!busy && !ready && byKey.current && document.activeElement === document.body)
      button.current?.form?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, [busy, ready]);
  return (
    <div class="actions">
      {children}
      {cancel && (
        <button type="button" onClick={cancel}>
          {t("cancel")}
        </button>
      )}
      <button
        ref={button}
        type="submit"
        class="main"
        disabled={busy || !ready}
        onClick={(event) => {
          byKey.current = event.detail === 0;
        }}
      >
        {act}
      </button>
    </div>
  );
}
