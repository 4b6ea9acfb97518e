// A text field with suggestions from the API while one types: a combobox as ARIA describes it.
// A <datalist> shows neither a second line nor that the answer is still on its way.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Problem } from "../api";
import { t } from "../words";
import { Field } from "./field";
import { asProblem } from "./load";

export type Option = { readonly id: string; readonly name: string; readonly more?: string };

type Props = {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly value: string;
  /** The text of the field; `picked` is the chosen suggestion, null while the text is only typed. */
  readonly change: (text: string, picked: Option | null) => void;
  readonly search: (text: string, signal: AbortSignal) => Promise<readonly Option[]>;
  readonly required?: boolean;
  readonly placeholder?: string;
  /** Whether only a suggestion is valid; the field says so if there is none, with this text if given. */
  readonly only?: boolean | string;
  /** Why the text of the field is invalid; the browser shows it at the field. */
  readonly unsound?: string;
};

const PAUSE = 150;

function fits({ id, name, more }: Option, text: string): boolean {
  return `${name} ${more ?? id}`.toLowerCase().includes(text.trim().toLowerCase());
}

export function Typeahead(props: Props): JSX.Element {
  const { label, hint, error, value, change, search, required, placeholder, only, unsound = "" } = props;
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const [results, setFound] = useState<readonly Option[]>([]);
  const [open, setOpen] = useState(false);
  const [activeId, setActiveId] = useState<string>();
  const [typed, setTyped] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const [searched, setSearched] = useState<string>();
  const latest = useRef(search);
  latest.current = search;

  useEffect(() => {
    if (typed === undefined) return;
    const stop = new AbortController();
    const look = (): void =>
      void latest.current(typed, stop.signal).then(
        (options) => {
          if (stop.signal.aborted) return;
          setFound(options);
          setSearched(typed);
          setProblem(undefined);
        },
        (error: unknown) => {
          if (stop.signal.aborted) return;
          setFound([]);
          setProblem(asProblem(error));
        },
      );
    const timer = setTimeout(look, PAUSE);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [typed]);

  useEffect(() => field.current?.setCustomValidity(unsound), [unsound]);

  // While a search is pending, only former suggestions that still match, so that no key picks another one.
  const options = searched === typed ? results : results.filter((one) => fits(one, typed ?? ""));
  const active = options.findIndex((one) => one.id === activeId);

  const begin = (text: string): void => {
    setTyped(text);
    setActiveId(undefined);
    setOpen(true);
  };
  const pick = (option: Option): void => {
    change(option.name, option);
    setOpen(false);
    setTyped(undefined);
  };
  const shown = open && options.length > 0;
  const keys = (event: KeyboardEvent): void => {
    const chosen = options[active];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) begin(value);
      const step = event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1;
      setActiveId(options.at((active + step) % options.length)?.id);
    } else if (event.key === "Enter" && shown && chosen) {
      event.preventDefault();
      pick(chosen);
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    }
  };

  const nothing = only && open && options.length === 0 && searched === typed && Boolean(typed?.trim());
  return (
    <Field
      label={label}
      hint={nothing ? <span role="status">{only === true ? t("catalogue.notFound") : only}</span> : hint}
      error={error ?? problem?.elsewhere.join(" ")}
    >
      {(tied) => (
        <div class="typeahead">
          <input
            {...tied}
            ref={field}
            type="text"
            role="combobox"
            autoComplete="off"
            spellcheck={false}
            aria-autocomplete="list"
            aria-expanded={shown}
            aria-controls={list}
            aria-activedescendant={shown && active >= 0 ? `${list}-${active}` : undefined}
            required={required}
            placeholder={placeholder}
            value={value}
            onFocus={() => begin(value)}
            onInput={(event) => {
              change(event.currentTarget.value, null);
              begin(event.currentTarget.value);
            }}
            onBlur={() => setOpen(false)}
            onKeyDown={keys}
          />
          {/* The focus stays in the field, as ARIA's pattern for a combobox has it: it says which option is active. */}
          {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a list of options */}
          <ul id={list} role="listbox" aria-label={t("suggestions")} hidden={!shown}>
            {options.map((option, index) => (
              // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
              <li
                key={option.id}
                id={`${list}-${index}`}
                // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: an option of that list
                role="option"
                aria-selected={index === active}
                onMouseDown={(event) => {
                  event.preventDefault();
                  pick(option);
                }}
              >
                {option.name}
                {option.more && <small>{option.more}</small>}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Field>
  );
}
