// Debouncing: the API is called once typing pauses, and not at every key.

import { useEffect, useState } from "preact/hooks";

const PAUSE = 200;

/** The value once it has been unchanged for a moment; the first one immediately. */
export function useDebounced<T>(value: T): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(() => value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
