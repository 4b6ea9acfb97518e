// The start of imports: a file to drop or choose, and the list of previous imports.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../words";
import { isWorkbook } from "../../workbook/sheets";
import { DropZone } from "./drop_zone";
import { Previous } from "./previous";
import { Samples } from "./samples";
import { UploadOptions } from "./upload_options";
import { Workbook } from "./workbook";

export function Imports(): JSX.Element {
  const [file, setFile] = useState<File>();
  return (
    <>
      <div class="top">
        <h1>{t("imports.title")}</h1>
        <a class="button" href="#/imports/ticket">
          {t("imports.oneTicket")}
        </a>
      </div>
      <section class="card stack" aria-labelledby="new-import">
        <h2 id="new-import">{t("imports.new")}</h2>
        {!file && <DropZone take={setFile} />}
        {file && isWorkbook(file) && <Workbook file={file} take={setFile} again={() => setFile(undefined)} />}
        {file && !isWorkbook(file) && <UploadOptions file={file} again={() => setFile(undefined)} />}
        {!file && <Samples />}
      </section>
      <Previous />
    </>
  );
}
