// The area to drop a file on, with a button to choose one instead.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../words";

export function DropZone({ take }: { take: (file: File) => void }): JSX.Element {
  const [over, setOver] = useState(false);
  const first = (files: FileList | null | undefined): void => {
    const file = files?.[0];
    if (file) take(file);
  };
  return (
    <label
      class={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        first(event.dataTransfer?.files);
      }}
    >
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <path d="M12 6h17l9 9v27H12zM29 6v9h9M25 35V22M19 27l6-6 6 6" />
      </svg>
      <span class="unseen">{t("drop.file")}</span>
      <strong aria-hidden="true">{t("drop.here")}</strong>
      <small aria-hidden="true">{t("drop.orChoose")}</small>
      <input
        type="file"
        accept=".csv,.txt,.tsv,.xlsx,.xlsm,text/csv,text/plain"
        onChange={(event) => first(event.currentTarget.files)}
      />
    </label>
  );
}
