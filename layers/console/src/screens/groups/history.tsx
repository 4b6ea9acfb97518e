// All that was done to a group and in it, newest first.

import type { JSX } from "preact";
import { at } from "../../api";
import { History } from "../../parts/history";
import { to } from "../../router";
import { t } from "../../words";
import { Frame } from "./frame";

export function GroupHistory({ id }: { id: string }): JSX.Element {
  return (
    <Frame id={id} part="history">
      {({ type }) => (
        <>
          {type === "target" && (
            <p class="hint">
              {t("history.entries")} <a href={to("groups", id, "versions")}>{t("groups.versions")}</a>
            </p>
          )}
          <History path={at`v1/groups/${id}/history`} whose={type === "target" ? "list" : "group"} />
        </>
      )}
    </Frame>
  );
}
