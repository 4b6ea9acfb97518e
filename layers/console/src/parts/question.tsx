// "Are you sure?": one dialog for the whole page.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../words";
import { Dialog } from "./dialog";

export type Question = {
  readonly title: string;
  readonly text: string;
  /** The label of the confirming button: a verb. */
  readonly act: string;
  readonly danger?: boolean;
};

const openQuestion = signal<(Question & { readonly answer: (yes: boolean) => void }) | null>(null);

/** Ask for confirmation; false also if the dialog is closed. */
export function ask(question: Question): Promise<boolean> {
  return new Promise((answer) => {
    openQuestion.value = {
      ...question,
      answer: (yes) => {
        openQuestion.value = null;
        answer(yes);
      },
    };
  });
}

export function QuestionDialog(): JSX.Element | null {
  const question = openQuestion.value;
  return question && <Confirm key={question.title} question={question} />;
}

function Confirm({ question }: { question: NonNullable<typeof openQuestion.value> }): JSX.Element {
  const id = useId();
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => stay.current?.focus(), []);
  return (
    <Dialog title={question.title} close={() => question.answer(false)} role="alertdialog" described={id}>
      <p id={id}>{question.text}</p>
      <div class="actions">
        <button type="button" ref={stay} onClick={() => question.answer(false)}>
          {t("cancel")}
        </button>
        <button type="button" class={question.danger ? "danger" : "main"} onClick={() => question.answer(true)}>
          {question.act}
        </button>
      </div>
    </Dialog>
  );
}
