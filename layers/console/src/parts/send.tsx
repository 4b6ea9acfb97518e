// What a screen sends to the API.

import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import type { Problem } from "../api";
import { ask, type Question } from "./ask";
import { asProblem } from "./load";
import { say } from "./say";

/** What goes with an action: the question before it, the news after it, and what it leads to. */
export type Action = {
  readonly ask?: Question;
  readonly say: string;
  readonly after?: () => void;
};

export type Sending = {
  readonly busy: boolean;
  readonly problem: Problem | undefined;
  /** Do it, once at a time; answers whether it succeeded. */
  readonly send: (act: () => Promise<unknown>) => Promise<boolean>;
  /** Ask, if there is a question, send, and if that succeeded say so and go on. */
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
    say(action.say);
    action.after?.();
  };
  return { busy, problem, send, carryOut, forget: () => setProblem(undefined) };
}

/** What went wrong, but for what a field of the form shows itself. */
export function Trouble({ of }: { of: Problem | undefined }): JSX.Element | null {
  const [sentences, tell] = useState<readonly string[]>([]);
  // The fields say what they show while they are drawn, which is done by now.
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
