// A form that is sent to the API: what is refused is seen at its field, or at the top of the form.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Sending, Trouble } from "./send";

type Props = {
  readonly of: Sending;
  readonly submit: (event: Event) => Promise<unknown>;
  readonly class?: string;
  readonly children: ComponentChildren;
};

export function SendForm({ of: { problem }, submit, class: kind, children }: Props): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // What was refused may be far above the button that sent it.
    if (problem) first(form.current)?.scrollIntoView({ block: "nearest" });
  }, [problem]);
  return (
    <form ref={form} class={kind} onSubmit={(event) => void submit(event)}>
      <Trouble of={problem} />
      {children}
    </form>
  );
}

function first(form: HTMLFormElement | null): Element | null | undefined {
  return form?.querySelector(".alert.bad, .error");
}
