// Sheets of workbooks as CSV files. The reader is loaded on demand, in a worker.

export type Sheet = { readonly name: string; readonly rows: number; readonly csv: Blob };
export type Answer = { readonly sheets: readonly Sheet[] } | { readonly problem: string };

/** The URL of the worker's script, defined by the bundler. */
declare const WORKBOOK_SCRIPT: string;

export function isWorkbook(file: File): boolean {
  return /\.xls[xm]$/i.test(file.name);
}

/** The sheets of a workbook that are not empty. Rejects with an `Error` for other files. */
export function sheetsOf(file: File): Promise<readonly Sheet[]> {
  const worker = new Worker(WORKBOOK_SCRIPT);
  return new Promise<readonly Sheet[]>((done, failed) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>): void =>
      "sheets" in data ? done(data.sheets) : failed(new Error(data.problem));
    worker.onerror = (event): void => failed(new Error(event.message));
    worker.postMessage(file);
  }).finally(() => worker.terminate());
}

/** A sheet as a file with the name of the workbook. */
export function asFile(workbook: File, sheet: Sheet, alone: boolean): File {
  const name = workbook.name.replace(/\.\w+$/, "");
  return new File([sheet.csv], alone ? `${name}.csv` : `${name} – ${sheet.name}.csv`, { type: "text/csv" });
}
