// The export of a group, once it is written.

import { at, file } from "../../api";

const TRIES = 60;
const LOOK_AGAIN = 1000;

/** All members or entries as CSV; null if they are not written within a minute. */
export function exported(group: string): Promise<Blob | null> {
  return whole(at`v1/groups/${group}/export.csv`);
}

/** A file that a worker may have to write first; null if it is not written within a minute. */
export async function whole(path: string): Promise<Blob | null> {
  for (let triesLeft = TRIES; triesLeft > 0; triesLeft--) {
    const list = await file(path);
    if (list) return list;
    await new Promise((go) => setTimeout(go, LOOK_AGAIN));
  }
  return null;
}
