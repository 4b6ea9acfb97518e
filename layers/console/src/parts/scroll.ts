// Scrolls the current item of a row that is wider than the window into view.

import type { Ref } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A ref for the row, whose current item is scrolled into view whenever `on` changes. */
export function useCurrentInView<E extends HTMLElement>(on: unknown): Ref<E> {
  const row = useRef<E>(null);
  useEffect(() => {
    const current = row.current?.querySelector<HTMLElement>("[aria-current]");
    if (current && row.current)
      row.current.scrollLeft = current.offsetLeft - (row.current.clientWidth - current.offsetWidth) / 2;
  }, [on]);
  return row;
}
