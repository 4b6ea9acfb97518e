// The whole of a group as a file, once it is written.

import { at, file } from "../../api";

const TRIES = 60;
const LOOK_AGAIN = 1000;

/** All members or entries as CSV; null where they are not written within a minute. */
export async function exported(group: string): Promise<Blob | null> {
  for (let left = TRIES; left > 0; left--) {
    const list = await file(at`v1/groups/${group}/export.csv`);
    if (list) return list;
    await new Promise((go) => setTimeout(go, LOOK_AGAIN));
  }
  return null;
}
