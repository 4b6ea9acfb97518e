// A secret that is shown once, to be copied, and gone when the screen is left.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { showNotice } from "../../parts/notices";
import { t } from "../../words";

export function OneTimeSecret({
  name,
  secret,
  close,
}: {
  name: string;
  secret: string;
  close: () => void;
}): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(secret);
      showNotice(t("once.copied"));
    } catch {
      // The browser may forbid it, or have no clipboard.
      showNotice(t("once.notCopied"), "bad");
    }
  };
  return (
    <section class="card stack" aria-labelledby="once">
      <h2 id="once">{name}</h2>
      <p>{t("once.about")}</p>
      <p>
        <code class="code">{secret}</code>
      </p>
      <div class="actions">
        <button ref={button} type="button" onClick={() => void copy()}>
          {t("once.copy")}
        </button>
        <button type="button" class="main" onClick={close}>
          {t("once.close")}
        </button>
      </div>
    </section>
  );
}
