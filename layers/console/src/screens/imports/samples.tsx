// A sample of each kind of file, with the separator that the reader's spreadsheet expects.

import type { JSX } from "preact";
import { download, file, query } from "../../api";
import { KINDS, type Kind } from "../../imports";
import { ProblemNotice, useSending } from "../../parts/send";
import { language, t } from "../../words";

export function Samples(): JSX.Element {
  const { problem, send } = useSending();
  const delimiter = language.value === "en" ? undefined : ";";
  const fetched = async (kind: Kind): Promise<void> => {
    const sample = await file(query(`v1/samples/${kind}.csv`, { delimiter }));
    if (sample) download(sample, `${kind}.csv`);
  };
  return (
    <details>
      <summary>{t("samples.title")}</summary>
      <p class="hint">{t("samples.hint")}</p>
      <div class="actions">
        {KINDS.map((kind) => (
          <button key={kind} type="button" onClick={() => void send(() => fetched(kind))}>
            {t(`kind.${kind}`)}
          </button>
        ))}
      </div>
      <ProblemNotice of={problem} />
    </details>
  );
}
