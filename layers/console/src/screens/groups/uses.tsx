// A chart of a list's redemptions over time.

import type { JSX } from "preact";
import type { Answer } from "../../answers";
import { at, get } from "../../api";
import { Bars } from "../../parts/bars";
import { Loaded, useLoad } from "../../parts/load";
import type { Group } from "../../types";
import { t } from "../../words";

type InTime = Answer<"/v1/groups/{group_id}/uses">;

export function Uses({ group: { group_id: id } }: { group: Group }): JSX.Element {
  const uses = useLoad((signal) => get<InTime>(at`v1/groups/${id}/uses`, signal), [id]);
  return (
    <section class="card stack" aria-labelledby="uses">
      <h2 id="uses">{t("uses.title")}</h2>
      <Loaded of={uses}>
        {({ hours, partial, entries }) => (
          <>
            {hours.length > 0 ? (
              <Bars caption={t("uses.title")} hours={hours.map(({ start, uses: n }) => ({ start, n }))} />
            ) : (
              <p class="hint">{t("uses.none")}</p>
            )}
            {partial && <p class="hint">{t("uses.partial", { n: entries })}</p>}
          </>
        )}
      </Loaded>
    </section>
  );
}
