// Sending of changes to the API.

import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import type { Problem } from "../api";
import { asProblem } from "./load";
import { showNotice } from "./notices";
import { ask, type Question } from "./question";

/** An action's confirmation, the notice after it, and the next step. */
export type Action = {
  readonly ask?: Question;
  readonly notice: string;
  readonly after?: () => void;
};

export type Sending = {
  readonly busy: boolean;
  readonly problem: Problem | undefined;
  /** Send it, one request at a time, and return whether it succeeded. */
  readonly send: (act: () => Promise<unknown>) => Promise<boolean>;
  /** Confirm if necessary, send, and after a success show the notice and continue. */
  readonly carryOut: (request: () => Promise<unknown>, action: Action) => Promise<void>;
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
  const carryOut = async (request: () => Promise<unknown>, action: Action): Promise<void> => {
    if (action.ask && !(await ask(action.ask))) return;
    if (!(await send(request))) return;
    showNotice(action.notice);
    action.after?.();
  };
  return { busy, problem, send, carryOut, forget: () => setProblem(undefined) };
}

/** The problem, without errors that a field of the form shows itself. */
export function ProblemNotice({ of }: { of: Problem | undefined }): JSX.Element | null {
  const [sentences, tell] = useState<readonly string[]>([]);
  // The fields have been rendered by now and have marked the errors that they show.
  useLayoutEffect(() => tell(of?.elsewhere ?? []), [of]);
  if (!of || sentences.length === 0) return null;
  return (
    <div class="alert bad" role="alert">
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}
