// The end of a membership: none, a day, or a duration.

import type { JSX } from "preact";
import { DurationField, duration, type Typed, typed } from "../../parts/duration";
import { Radios, TextField } from "../../parts/field";
import { day } from "../../times";
import type { Duration } from "../../types";
import { t } from "../../words";

export type MembershipEnd = {
  readonly how: "always" | "until" | "for";
  readonly until: string;
  readonly length: Typed;
};

/** The end of a membership that begins now, by the group's lifetime. */
export function usual(lifetime: Duration | null): MembershipEnd {
  return { how: lifetime ? "for" : "always", until: "", length: typed(lifetime) };
}

/** The fields of the request. */
export function membershipEndBody({ how, until, length }: MembershipEnd): object {
  if (how === "always") return { removal_date: null };
  return how === "until" ? { removal_date: until } : { remove_after: duration(length) };
}

export function MembershipEndFields({
  stay,
  change,
  about,
}: {
  stay: MembershipEnd;
  change: (stay: MembershipEnd) => void;
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
