// Reads a workbook beside the page, so that a large one does not stop it, and answers its sheets as CSV.

import readWorkbook from "read-excel-file/universal";
import { cellText, csvOf, numberText } from "./cells";
import type { Answer } from "./sheets";

self.onmessage = async ({ data }: MessageEvent<Blob>): Promise<void> => {
  self.postMessage(await read(data));
};

async function read(file: Blob): Promise<Answer> {
  try {
    const sheets = await readWorkbook(file, { trim: false, parseNumber: numberText });
    return {
      sheets: sheets
        .map(({ sheet, data }) => ({ name: sheet, rows: data.map((row) => row.map(cellText)) }))
        .filter(({ rows }) => rows.some((row) => row.some((cell) => cell !== "")))
        .map(({ name, rows }) => ({ name, rows: rows.length, csv: new Blob([csvOf(rows)], { type: "text/csv" }) })),
    };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
