// A chosen workbook: reading it and choosing one of its sheets.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../words";
import { asFile, type Sheet, sheetsOf } from "../../workbook/sheets";

type Props = { readonly file: File; readonly take: (file: File) => void; readonly again: () => void };

export function Workbook({ file, take, again }: Props): JSX.Element {
  const [sheets, setSheets] = useState<readonly Sheet[]>();
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    let isCancelled = false;
    sheetsOf(file).then(
      (sheets) => {
        if (isCancelled) return;
        const [only] = sheets;
        if (only && sheets.length === 1) take(asFile(file, only, true));
        else setSheets(sheets);
      },
      () => !isCancelled && setBroken(true),
    );
    return () => {
      isCancelled = true;
    };
  }, [file]);
  return (
    <div class="stack">
      <div class="row file">
        <span class="code">{file.name}</span>
        <button type="button" class="plain" onClick={again}>
          {t("wanted.otherFile")}
        </button>
      </div>
      {(broken || sheets?.length === 0) && (
        <div class="alert bad" role="alert">
          <p>{t(broken ? "drop.unreadable" : "drop.empty")}</p>
        </div>
      )}
      {!broken && !sheets && (
        <p class="uploading">
          <progress aria-label={t("drop.reading")} />
          <span>{t("drop.reading")}</span>
        </p>
      )}
      {sheets && sheets.length > 1 && (
        <fieldset class="stack">
          <legend>{t("sheet.choose")}</legend>
          {sheets.map((sheet) => (
            <button key={sheet.name} type="button" onClick={() => take(asFile(file, sheet, false))}>
              {sheet.name} <small>{t("sheet.rows", { n: sheet.rows })}</small>
            </button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
