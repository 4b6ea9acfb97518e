// The options of a chosen file: its kind, its group or event, and the upload.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../../api";
import { KINDS, type Kind, type Options } from "../../imports";
import { Checkbox, Radios, SelectField, TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { Typeahead } from "../../parts/typeahead";
import { searchEntities } from "../../searches";
import { instantOf } from "../../times";
import { number, t } from "../../words";
import { barred, type ExistingGroup, findGroup, TargetGroupOptions } from "./target_group";
import { Uploading, useUpload } from "./upload";

type Change = (some: Options) => void;
type PartProps = { readonly options: Options; readonly change: Change };

export function UploadOptions({ file, again }: { file: File; again: () => void }): JSX.Element {
  const [kind, setKind] = useState<Kind | "">("");
  const [options, set] = useState<Options>({});
  const [existing, know] = useState<ExistingGroup>(null);
  const [later, setLater] = useState("");
  const upload = useUpload();
  const { busy, send } = upload.sending;
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => top.current?.querySelector<HTMLElement>("input")?.focus(), []);
  const change: Change = (some) => set((options) => ({ ...options, ...some }));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!kind) return;
    let group = existing;
    const lookUpGroup = async (): Promise<void> => {
      group = await findGroup(options.group ?? "");
      know(group);
    };
    if (kind === "target_group" && !(await send(lookUpGroup))) return;
    // The group of the name may just have been found.
    if (kind === "target_group" && (barred(group) || (group && !options.mode))) return;
    const publish_at = kind === "target_group" && takesTime(group, options) && later ? instantOf(later) : null;
    await upload.start(kind, file, {
      publish_at,
      ...fitting(kind, { ...options, ...(!group && { mode: "create" }) }),
      review: true,
    });
  };
  return (
    <ApiForm of={upload.sending} submit={submit}>
      <div class="row file">
        <span class="code">{file.name}</span>
        <small>{size(file.size)}</small>
        <button type="button" class="plain" onClick={again} disabled={busy}>
          {t("wanted.otherFile")}
        </button>
      </div>
      {/\.(xls|ods|numbers|pdf|zip|docx?|pages|png|jpe?g|heic|html?|json|xml)$/i.test(file.name) && (
        <div class="alert warn" role="alert">
          <p>{t("wanted.notCsv")}</p>
        </div>
      )}
      <div ref={top}>
        <Radios
          legend={t("wanted.kind")}
          value={kind}
          change={setKind}
          choices={KINDS.map((value) => ({ value, name: t(`kind.${value}`), hint: t(`kind.${value}.hint`) }))}
        />
      </div>
      {kind === "target_group" && (
        <TargetGroupOptions
          options={options}
          change={change}
          existing={existing}
          know={know}
          asCustomers={() => setKind("customers")}
        />
      )}
      {kind === "tickets" && <ForEvent options={options} change={change} problem={upload.sending.problem} />}
      {kind && (
        <Further kind={kind} options={options} change={change}>
          {kind === "target_group" && takesTime(existing, options) && (
            <TextField
              label={t("wanted.publishAt")}
              hint={t("wanted.publishAtHint")}
              error={upload.sending.problem?.about("publish_at")}
              type="datetime-local"
              value={later}
              change={setLater}
            />
          )}
        </Further>
      )}
      {upload.share === undefined ? (
        <div class="actions">
          <button type="submit" class="main" disabled={busy || !kind}>
            {t("wanted.upload")}
          </button>
        </div>
      ) : (
        <Uploading of={upload} />
      )}
    </ApiForm>
  );
}

function ForEvent({ options, change, problem }: PartProps & { readonly problem: Problem | undefined }): JSX.Element {
  const [text, setText] = useState("");
  return (
    <>
      <Typeahead
        label={t("wanted.event")}
        hint={options.event_id ? undefined : t("wanted.eventHint")}
        error={problem?.about("event_id")}
        required
        value={text}
        change={(text, picked) => {
          setText(text);
          change({ event_id: picked ? picked.id : text.trim() });
        }}
        search={searchEntities("event")}
        only
      />
      <Radios
        legend={t("wanted.whenFull")}
        required
        value={options.when_full ?? ""}
        change={(when_full) => change({ when_full })}
        choices={[
          { value: "continue", name: t("whenFull.continue"), hint: t("whenFull.continue.hint") },
          { value: "stop", name: t("whenFull.stop"), hint: t("whenFull.stop.hint") },
        ]}
      />
    </>
  );
}

/** Whether the list can be scheduled: a new one or a replacement. */
function takesTime(existing: ExistingGroup, { mode }: Options): boolean {
  return existing === null || mode === "replace";
}

type FurtherProps = PartProps & { readonly kind: Kind; readonly children: ComponentChildren };

function Further({ kind, options, change, children }: FurtherProps): JSX.Element {
  return (
    <details>
      <summary>{t("wanted.further")}</summary>
      <div class="stack">
        {children}
        <TextField
          label={t("wanted.notify")}
          hint={t("wanted.notifyHint")}
          type="email"
          value={options.notify ?? ""}
          change={(notify) => change({ notify })}
        />
        <Checkbox
          label={t("wanted.abort")}
          hint={t("wanted.abortHint")}
          value={options.on_error === "abort"}
          change={(all) => change({ on_error: all ? "abort" : "skip" })}
        />
        <Checkbox
          label={t("wanted.raw")}
          hint={t("wanted.rawHint")}
          value={options.raw ?? false}
          change={(raw) => change({ raw })}
        />
        {kind === "customers" && (
          <>
            <Checkbox
              label={t("wanted.createMissing")}
              value={options.create_missing ?? true}
              change={(create_missing) => change({ create_missing })}
            />
            <Checkbox
              label={t("wanted.noWelcome")}
              value={options.suppress_welcome ?? false}
              change={(suppress_welcome) => change({ suppress_welcome })}
            />
          </>
        )}
        {kind === "tickets" && (
          <SelectField
            label={t("wanted.orders")}
            value={options.order_grouping ?? "buyer"}
            change={(order_grouping) => change({ order_grouping })}
            choices={(["buyer", "row", "file"] as const).map((value) => ({ value, name: t(`orders.${value}`) }))}
          />
        )}
      </div>
    </details>
  );
}

/** The options that an import of this kind accepts. */
function fitting(kind: Kind, options: Options): Options {
  const { group, mode, event_id, when_full, order_grouping, create_missing, suppress_welcome, ...any } = options;
  return {
    ...any,
    ...(kind === "target_group" && { group: group ?? "", mode: mode ?? "create" }),
    ...(kind === "tickets" && {
      event_id: event_id ?? "",
      when_full: when_full ?? null,
      order_grouping: order_grouping ?? "buyer",
    }),
    ...(kind === "customers" && {
      create_missing: create_missing ?? true,
      suppress_welcome: suppress_welcome ?? false,
    }),
  };
}

function size(bytes: number): string {
  const [unit, length] = bytes >= 1e6 ? ["MB", 1e6] : bytes >= 1e3 ? ["kB", 1e3] : ["B", 1];
  return `${number(Math.round((bytes / Number(length)) * 10) / 10)} ${unit}`;
}
