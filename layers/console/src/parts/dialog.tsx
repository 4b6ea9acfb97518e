// A modal dialog: the browser keeps the focus in it, and Escape closes it.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { returnFocus } from "./focus";

type Props = {
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
  readonly role?: "dialog" | "alertdialog";
  /** The id of the element that describes it. */
  readonly described?: string;
};

export function Dialog({ title, close, children, role = "dialog", described }: Props): JSX.Element {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      // While it is open all else is inert, and takes no focus.
      shown?.close();
      returnFocus(before);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      role={role}
      aria-labelledby={id}
      aria-describedby={described}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
