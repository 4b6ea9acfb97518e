// How long somebody stays in a group: for good, until a day, or for a length of time.

import type { JSX } from "preact";
import type { Duration } from "../../nouns";
import { DurationField, duration, type Typed, typed } from "../../parts/duration";
import { Radios, TextField } from "../../parts/field";
import { day } from "../../times";
import { t } from "../../words";

export type Stay = { readonly how: "always" | "until" | "for"; readonly until: string; readonly length: Typed };

/** The stay that the group's lifetime gives to who is added now. */
export function usual(lifetime: Duration | null): Stay {
  return { how: lifetime ? "for" : "always", until: "", length: typed(lifetime) };
}

/** As the API takes it. */
export function stayBody({ how, until, length }: Stay): object {
  if (how === "always") return { removal_date: null };
  return how === "until" ? { removal_date: until } : { remove_after: duration(length) };
}

export function StayFields({
  stay,
  change,
  about,
}: {
  stay: Stay;
  change: (stay: Stay) => void;
  about: (field: string) => string | undefined;
}): JSX.Element {
  return (
    <>
      <Radios
        legend={t("stay.title")}
        value={stay.how}
        change={(how) => change({ ...stay, how })}
        choices={[
          { value: "always", name: t("stay.always") },
          { value: "until", name: t("stay.until") },
          { value: "for", name: t("stay.for") },
        ]}
      />
      {stay.how === "until" && (
        <TextField
          label={t("stay.until")}
          error={about("removal_date")}
          type="date"
          required
          min={day(new Date())}
          value={stay.until}
          change={(until) => change({ ...stay, until })}
        />
      )}
      {stay.how === "for" && (
        <DurationField
          label={t("stay.for")}
          error={about("remove_after")}
          required
          value={stay.length}
          change={(length) => change({ ...stay, length })}
        />
      )}
    </>
  );
}
