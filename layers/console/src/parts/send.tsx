// What a screen sends to the API.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Problem } from "../api";
import { told } from "../words";
import { asProblem } from "./load";

export type Sending = {
  readonly busy: boolean;
  readonly problem: Problem | undefined;
  /** Do it, once at a time; answers whether it succeeded. */
  readonly send: (act: () => Promise<unknown>) => Promise<boolean>;
  readonly forget: () => void;
};

export function useSending(): Sending {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const send = async (act: () => Promise<unknown>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      return true;
    } catch (error) {
      setProblem(asProblem(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, send, forget: () => setProblem(undefined) };
}

/** What went wrong, unless a field of the form, named in `fields`, says so itself. */
export function Trouble({
  of,
  fields = [],
}: {
  of: Problem | undefined;
  fields?: readonly string[];
}): JSX.Element | null {
  if (
    !of ||
    (of.faults.length > 0 && fields.length > 0 && of.faults.every((fault) => fields.includes(top(fault.field))))
  )
    return null;
  const elsewhere = of.faults.filter((fault) => !fields.includes(top(fault.field)));
  return (
    <div class="alert bad" role="alert">
      <p>
        {elsewhere.length > 0
          ? elsewhere.map((fault) => `${fault.field}: ${told("fault", fault.code, fault.detail)}`).join("; ")
          : of.message}
      </p>
    </div>
  );
}

function top(field: string): string {
  return field.split(".")[0] ?? field;
}
