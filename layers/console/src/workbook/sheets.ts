// Workbooks that are dropped: their sheets as CSV files. The reader of them is loaded only then, in a worker.

export type Sheet = { readonly name: string; readonly rows: number; readonly csv: Blob };
export type Answer = { readonly sheets: readonly Sheet[] } | { readonly problem: string };

/** The address of the worker's script, told by whoever bundles the page. */
declare const WORKBOOK_SCRIPT: string;

export function isWorkbook(file: File): boolean {
  return /\.xls[xm]$/i.test(file.name);
}

/** The sheets of a workbook that hold anything. Rejects with an `Error` for what is none. */
export function sheetsOf(file: File): Promise<readonly Sheet[]> {
  const worker = new Worker(WORKBOOK_SCRIPT);
  return new Promise<readonly Sheet[]>((done, failed) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>): void =>
      "sheets" in data ? done(data.sheets) : failed(new Error(data.problem));
    worker.onerror = (event): void => failed(new Error(event.message));
    worker.postMessage(file);
  }).finally(() => worker.terminate());
}

/** A sheet as a file of its own, called as the workbook is. */
export function asFile(workbook: File, sheet: Sheet, alone: boolean): File {
  const name = workbook.name.replace(/\.\w+$/, "");
  return new File([sheet.csv], alone ? `${name}.csv` : `${name} – ${sheet.name}.csv`, { type: "text/csv" });
}
