// A duration in days or weeks; changing the unit keeps the number.

import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Duration } from "../types";
import { t } from "../words";

/** A duration as typed: `value` may be blank or no number yet. */
export type Typed = { readonly value: string; readonly unit: Duration["unit"] };

export function typed(duration: Duration | null | undefined): Typed {
  return duration ? { value: String(duration.value), unit: duration.unit } : { value: "", unit: "days" };
}

/** The typed duration as the API accepts it; null if blank. */
export function duration(typed: Typed): Duration | null {
  return typed.value.trim() === "" ? null : { value: Number(typed.value), unit: typed.unit };
}

/** "3 weeks". */
export function inWords(duration: Duration): string {
  return t(`duration.${duration.unit}`, { n: duration.value });
}

type Props = {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly value: Typed;
  readonly change: (value: Typed) => void;
  readonly required?: boolean;
};

export function DurationField({ label, hint, error, value, change, required }: Props): JSX.Element {
  const id = useId();
  return (
    <fieldset class="field duration">
      <legend>{label}</legend>
      <div class="row">
        <input
          type="number"
          min={1}
          max={36500}
          step={1}
          inputMode="numeric"
          aria-label={label}
          aria-describedby={hint ? `${id}-hint` : undefined}
          aria-invalid={error !== undefined || undefined}
          required={required}
          value={value.value}
          onInput={(event) => change({ ...value, value: event.currentTarget.value })}
        />
        <span class="toggle">
          {(["days", "weeks"] as const).map((unit) => (
            <label key={unit}>
              <input type="radio" name={id} checked={value.unit === unit} onChange={() => change({ ...value, unit })} />
              <span>{t(`unit.${unit}`)}</span>
            </label>
          ))}
        </span>
      </div>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
