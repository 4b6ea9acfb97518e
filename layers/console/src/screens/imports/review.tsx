// The review of a file before anything is stored: how it was read, its effect, and corrections.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { at, post } from "../../api";
import type { Answers, Import } from "../../imports";
import { Checkbox, SelectField, TextField } from "../../parts/field";
import type { Load } from "../../parts/load";
import { ProblemNotice, useSending } from "../../parts/send";
import { coded, labelOf, t } from "../../words";
import { CorrectHere, Corrections, canCorrect, fileOf } from "./corrections";
import { inWords, Losses, Notes } from "./effect";
import { type FormerAnswers, formerAnswers, rememberAnswers } from "./former_answers";
import { Grid } from "./grid";
import { Cancel } from "./import";
import { LossWarning, useLoss } from "./loss_warning";
import { ProblemTable } from "./problems";
import { Questions } from "./questions";

type Correction = {
  readonly mapping: Readonly<Record<string, number>>;
  readonly header_rows: number;
  readonly delimiter: string;
  readonly encoding: string;
};

export function Review({ one, found: load }: { one: Import; found: Load<Import> }): JSX.Element {
  const as = read(one);
  const [correction, want] = useState<Correction>(as);
  const suggested = (one.suggested ?? {}) as Answers;
  const [answers, answer] = useState<Answers>(answersOf(suggested));
  const [consent, setConsent] = useState(one.consent !== null);
  const [removals, setRemovals] = useState(false);
  const [shrink, setShrink] = useState(false);
  const loss = useLoss(one);
  const [mending, mend] = useState(false);
  const [chosen, choose] = useState<File>();
  const file = fileOf(one, chosen);
  const { busy, problem, send } = useSending();
  const [before] = useState(formerAnswers(one));
  const others = JSON.stringify(answers) !== JSON.stringify(answersOf(suggested));
  const changed = others || JSON.stringify(correction) !== JSON.stringify(as);
  const doubt = one.reason === "no_known_column" || one.reason === "ambiguous_mapping";
  const go = (more: object): Promise<boolean> => {
    const corrected = { ...(changed && corrections(correction, as)), ...(others && answers) };
    const body = { ...corrected, ...(consent && { consent: true }), ...more };
    if (changed || one.decisions) rememberAnswers(one, { mapping: correction.mapping, answers });
    return send(async () => load.set(await post<Import>(at`v1/imports/${one.import_id}/confirm`, body)));
  };
  const confirm = (event: Event): void => {
    event.preventDefault();
    void go({ ...(removals && { confirm_removals: true }) }).then(load.again);
  };
  if (mending && file) return <Corrections one={one} file={file} close={() => mend(false)} />;
  return (
    <form class="review" onSubmit={confirm}>
      <ProblemNotice of={problem} />
      {one.reason && (
        <div class="alert warn" role="alert">
          <p>{whyItWaits(one, one.reason)}</p>
        </div>
      )}
      {before && differs(before, correction, one.decisions?.length ? answers : undefined) && (
        <div class="alert">
          <p>{t("review.before")}</p>
          <button
            type="button"
            onClick={() => {
              want({ ...correction, mapping: before.mapping });
              answer(before.answers);
            }}
          >
            {t("review.useBefore")}
          </button>
        </div>
      )}
      <Questions
        one={one}
        answers={answers}
        answer={answer}
        mapping={correction.mapping}
        map={(mapping) => want({ ...correction, mapping })}
      />
      <section class="card stack" aria-labelledby="columns">
        <h2 id="columns">{t("review.columns")}</h2>
        <p class="hint">{t("review.columnsHint")}</p>
        <Grid one={one} mapping={correction.mapping} change={(mapping) => want({ ...correction, mapping })} />
        <HowRead wanted={correction} want={want} />
        {changed && (
          <div class="actions again">
            <p class="hint">{t("review.changed")}</p>
            <button
              type="button"
              class="main"
              disabled={busy}
              onClick={() => void go({ review: true }).then(load.again)}
            >
              {t("review.readAgain")}
            </button>
          </div>
        )}
      </section>
      {!changed && !doubt && (
        <section class="card stack" aria-labelledby="result">
          <h2 id="result">{t("review.result")}</h2>
          <ul class="effects">
            {inWords(one).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          <Losses of={one} />
          <Notes of={one} />
          {one.problems && one.problems.length > 0 && (
            <details open={one.problems.length <= 10}>
              <summary>{t("review.problems", { n: one.counts.refused })}</summary>
              <ProblemTable problems={one.problems} refused={one.counts.refused} />
              {canCorrect(one) && <CorrectHere file={file} choose={choose} mend={() => mend(true)} />}
            </details>
          )}
        </section>
      )}
      {asksConsent(one) && !changed && (
        <Checkbox label={t("consent.label")} hint={t("consent.hint")} value={consent} change={setConsent} />
      )}
      {one.reason === "confirm_removals_required" && (
        <Checkbox
          label={t("review.removals", { n: one.effect?.memberships_lost ?? 0 })}
          value={removals}
          change={setRemovals}
        />
      )}
      {loss && !changed && !doubt && (
        <LossWarning group={one.group ?? ""} loss={loss} value={shrink} change={setShrink} />
      )}
      <div class="actions">
        <Cancel one={one} found={load} />
        <button
          type="submit"
          class="main"
          disabled={
            busy ||
            changed ||
            doubt ||
            (one.counts.would_import ?? 0) === 0 ||
            blocked(one, consent, removals) ||
            (loss !== null && !shrink)
          }
        >
          {t("review.confirm", { n: one.counts.would_import ?? 0 })}
        </button>
      </div>
    </form>
  );
}

const MISREAD: readonly Import["reason"][] = ["bad_encoding", "not_csv", "empty_file", "bad_option"];

/** Why the import waits; a file that is unreadable with a correction is shown as read before. */
function whyItWaits({ detail }: Import, reason: NonNullable<Import["reason"]>): string {
  if (MISREAD.includes(reason)) return t("review.misread");
  return coded("import_page", reason, {}, detail ?? reason);
}

/** Whether to ask for consent: if the import waits for it, and beside questions, so that it need not wait again. */
function asksConsent(one: Import): boolean {
  const addresses =
    one.kind === "customers" || (one.kind === "target_group" && "Email" in (one.detected?.mapping ?? {}));
  return one.reason === "consent_required" || (one.reason === "decision_required" && one.consent === null && addresses);
}

function blocked(one: Import, consent: boolean, removals: boolean): boolean {
  return (one.reason === "consent_required" && !consent) || (one.reason === "confirm_removals_required" && !removals);
}

/** The suggestions without the mapping. */
function answersOf({ leave_out, date_order, items }: Answers): Answers {
  return {
    ...(leave_out !== undefined && { leave_out }),
    ...(date_order !== undefined && { date_order }),
    ...(items !== undefined && { items }),
  };
}

/** Whether the former answers differ; if no questions are left, only the columns are compared. */
function differs(before: FormerAnswers, correction: Correction, answers?: Answers): boolean {
  const same = JSON.stringify(sorted(before.mapping)) === JSON.stringify(sorted(correction.mapping));
  return !same || (answers !== undefined && JSON.stringify(before.answers) !== JSON.stringify(answers));
}

function sorted(mapping: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(mapping).sort(([one], [other]) => one.localeCompare(other));
}

/** How the file was read, in the form of a correction. */
function read({ detected }: Import): Correction {
  return {
    mapping: detected?.mapping ?? {},
    header_rows: detected?.header_rows ?? 0,
    delimiter: detected?.delimiter ?? "",
    encoding: detected?.encoding ?? "utf-8",
  };
}

/** The changes. Columns are given by position, which requires the number of header rows. */
function corrections(correction: Correction, as: Correction): Partial<Correction> {
  const other = correction.delimiter !== as.delimiter;
  const moved = JSON.stringify(correction.mapping) !== JSON.stringify(as.mapping);
  return {
    ...(other && { delimiter: correction.delimiter || "," }),
    ...(correction.encoding !== as.encoding && { encoding: correction.encoding }),
    ...((moved || correction.header_rows !== as.header_rows) && { header_rows: correction.header_rows }),
    ...(moved && { mapping: correction.mapping }),
  };
}

const DELIMITERS = [",", ";", "\t", "|"];
const ENCODINGS = ["utf-8", "cp1252", "iso-8859-15", "mac-roman", "utf-16-le", "utf-16-be"];

function HowRead({
  wanted: correction,
  want,
}: {
  wanted: Correction;
  want: (wanted: Correction) => void;
}): JSX.Element {
  const delimiters =
    DELIMITERS.includes(correction.delimiter) || !correction.delimiter
      ? DELIMITERS
      : [...DELIMITERS, correction.delimiter];
  const encodings = ENCODINGS.includes(correction.encoding) ? ENCODINGS : [...ENCODINGS, correction.encoding];
  return (
    <div class="pair">
      <SelectField
        label={t("review.delimiter")}
        value={correction.delimiter}
        change={(delimiter) => want({ ...correction, delimiter })}
        choices={["", ...delimiters].map((value) => ({ value, name: labelOf("delimiter", value || "none", value) }))}
      />
      <SelectField
        label={t("review.encoding")}
        value={correction.encoding}
        change={(encoding) => want({ ...correction, encoding })}
        choices={encodings.map((value) => ({ value, name: labelOf("encoding", value, value) }))}
      />
      <TextField
        label={t("review.headerRows")}
        type="number"
        min={0}
        max={10}
        required
        value={String(correction.header_rows)}
        change={(rows) => want({ ...correction, header_rows: Math.min(10, Math.max(0, Math.trunc(Number(rows)))) })}
      />
    </div>
  );
}
