// A part of the page that cannot be drawn says so in its own place, and the rest goes on.

import type { ComponentChildren, JSX } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { t } from "../words";

export function Boundary({ children }: { children: ComponentChildren }): JSX.Element {
  const [error, reset] = useErrorBoundary((error: unknown) => console.error(error));
  if (error === undefined) return <>{children}</>;
  return (
    <div class="alert bad" role="alert">
      <p>{t("part.broken")}</p>
      <button type="button" onClick={reset}>
        {t("again")}
      </button>
    </div>
  );
}
