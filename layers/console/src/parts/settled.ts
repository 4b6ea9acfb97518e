// What is typed is asked of the API once the typing pauses, and not at every key.

import { useEffect, useState } from "preact/hooks";

const PAUSE = 200;

/** The value, once it has stayed the same for a moment; at the beginning at once. */
export function useSettled<T>(value: T): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(() => value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
