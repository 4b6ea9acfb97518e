// The link back to the list of a screen.

import type { JSX } from "preact";
import { to } from "../router";
import { type Plain, t } from "../words";

export function Back({ place, name }: { place: string; name: Plain }): JSX.Element {
  return (
    <p class="crumbs">
      <a href={to(...place.split("/"))}>← {t(name)}</a>
    </p>
  );
}
