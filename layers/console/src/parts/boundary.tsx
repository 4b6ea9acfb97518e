// An error boundary: a part that fails to render shows an error in its place.

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
