// All that was done to a group and in it, newest first.

import type { JSX } from "preact";
import { at } from "../../api";
import { History } from "../../parts/history";
import { Frame } from "./frame";

export function GroupHistory({ id }: { id: string }): JSX.Element {
  return (
    <Frame id={id} part="history">
      {() => <History path={at`v1/groups/${id}/history`} whose="group" />}
    </Frame>
  );
}
