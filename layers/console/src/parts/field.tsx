// A labelled control with its hint and error, both tied to the control for screen readers.

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { spelled } from "../times";

export type Tied = { readonly id: string; readonly "aria-describedby"?: string; readonly "aria-invalid"?: true };

type FieldProps = {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  /** The control, with the attributes that tie it to label, hint and error. */
  readonly children: (tied: Tied) => ComponentChildren;
};

export function Field({ label, hint, error, children }: FieldProps): JSX.Element {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(" ");
  const tied: Tied = {
    id,
    ...(described && { "aria-describedby": described }),
    ...(error !== undefined && { "aria-invalid": true as const }),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(tied)}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

type TextProps = Omit<FieldProps, "children"> & {
  readonly value: string;
  readonly change: (value: string) => void;
  readonly type?: "text" | "email" | "search" | "date" | "datetime-local" | "number" | "password";
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly maxLength?: number;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly autoComplete?: string;
  readonly placeholder?: string;
  /** The id of a <datalist>. */
  readonly list?: string;
};

export function TextField({ label, hint, error, value, change, type = "text", ...more }: TextProps): JSX.Element {
  const read = type === "date" || type === "datetime-local" ? spelled(value) : "";
  return (
    <Field label={label} hint={read ? <Read as={read} hint={hint} /> : hint} error={error}>
      {(tied) => (
        <input
          {...tied}
          {...more}
          type={type as "text"}
          value={value}
          onInput={(event) => change(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** How a date was understood, above its hint. */
function Read({ as, hint }: { as: string; hint: ComponentChildren }): JSX.Element {
  return (
    <>
      <b class="spelled">{as}</b>
      {hint}
    </>
  );
}

type AreaProps = Omit<FieldProps, "children"> & {
  readonly value: string;
  readonly change: (value: string) => void;
  readonly rows: number;
  readonly maxLength?: number;
  readonly required?: boolean;
};

export function AreaField({ label, hint, error, value, change, ...more }: AreaProps): JSX.Element {
  return (
    <Field label={label} hint={hint} error={error}>
      {(tied) => <textarea {...tied} {...more} value={value} onInput={(event) => change(event.currentTarget.value)} />}
    </Field>
  );
}

export type Choice<V extends string> = {
  readonly value: V;
  readonly name: ComponentChildren;
  readonly hint?: ComponentChildren;
};

type SelectProps<V extends string> = Omit<FieldProps, "children"> & {
  readonly value: V;
  readonly choices: readonly Choice<V>[];
  readonly change: (value: V) => void;
  readonly disabled?: boolean;
};

export function SelectField<V extends string>({
  label,
  hint,
  error,
  value,
  choices,
  change,
  disabled,
}: SelectProps<V>): JSX.Element {
  return (
    <Field label={label} hint={hint} error={error}>
      {(tied) => (
        <select
          {...tied}
          disabled={disabled}
          value={value}
          onChange={(event) => change(event.currentTarget.value as V)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

type RadiosProps<V extends string> = {
  readonly legend: ComponentChildren;
  readonly value: V | "";
  readonly choices: readonly Choice<V>[];
  readonly change: (value: V) => void;
  readonly error?: string | undefined;
  readonly required?: boolean;
};

/** Radio buttons, each with a line that explains it. */
export function Radios<V extends string>({
  legend,
  value,
  choices,
  change,
  error,
  required,
}: RadiosProps<V>): JSX.Element {
  const name = useId();
  return (
    <fieldset class="radios">
      <legend>{legend}</legend>
      <div class="choices">
        {choices.map((choice) => (
          <label key={choice.value} class="choice">
            <input
              type="radio"
              name={name}
              value={choice.value}
              required={required}
              checked={value === choice.value}
              onChange={() => change(choice.value)}
            />
            <span>
              {choice.name}
              {choice.hint !== undefined && <small>{choice.hint}</small>}
            </span>
          </label>
        ))}
      </div>
      {error !== undefined && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

type CheckboxProps = {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly value: boolean;
  readonly change: (value: boolean) => void;
};

export function Checkbox({ label, hint, value, change }: CheckboxProps): JSX.Element {
  return (
    <label class="choice tick">
      <input type="checkbox" checked={value} onChange={(event) => change(event.currentTarget.checked)} />
      <span>
        {label}
        {hint !== undefined && <small>{hint}</small>}
      </span>
    </label>
  );
}
