// A form whose errors from the API are shown at their fields or at its top.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ProblemNotice, type Sending } from "./send";

type Props = {
  readonly of: Sending;
  readonly submit: (event: Event) => Promise<unknown>;
  readonly class?: string;
  readonly children: ComponentChildren;
};

export function ApiForm({ of: { problem }, submit, class: kind, children }: Props): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // The error may be far above the button that was pressed.
    if (problem) first(form.current)?.scrollIntoView({ block: "nearest" });
  }, [problem]);
  return (
    <form ref={form} class={kind} onSubmit={(event) => void submit(event)}>
      <ProblemNotice of={problem} />
      {children}
    </form>
  );
}

function first(form: HTMLFormElement | null): Element | null | undefined {
  return form?.querySelector(".alert.bad, .error");
}
