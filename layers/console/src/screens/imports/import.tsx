// One import, from its upload to its outcome.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { at, get, post } from "../../api";
import { eventName } from "../../event_names";
import { busy, type Import, nameOf } from "../../imports";
import { Back } from "../../parts/back";
import { type Load, Loaded, useLoad } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { ask } from "../../parts/question";
import { ProblemNotice, useSending } from "../../parts/send";
import { dateAndTime } from "../../times";
import { labelOf, percent, t } from "../../words";
import { Outcome } from "./outcome";
import { StatusBadge } from "./previous";
import { Review } from "./review";

const LOOK_AGAIN = 800;

export function ImportPage({ id }: { id: string }): JSX.Element {
  const load = useLoad((signal) => get<Import>(at`v1/imports/${id}`, signal), [id]);
  const { value, loading, again, problem } = load;
  const moving = value !== undefined && busy(value);
  useEffect(() => {
    if (!moving || loading || problem) return;
    const timer = setTimeout(again, LOOK_AGAIN);
    return () => clearTimeout(timer);
  }, [moving, loading, problem]);
  return (
    <>
      <Back place="imports" name="imports.title" />
      <Loaded of={load}>{(one) => <Shown one={one} found={load} />}</Loaded>
    </>
  );
}

function Shown({ one, found: load }: { one: Import; found: Load<Import> }): JSX.Element {
  // The pressed button may be gone in the next state, so the focus moves to its top.
  useEffect(() => document.querySelector("main")?.focus({ preventScroll: true }), [one.status]);
  return (
    <>
      <div class="top">
        <h1>{nameOf(one)}</h1>
        <StatusBadge of={one} />
      </div>
      <p class="subtitle">
        {t(`kind.${one.kind}`)}
        {one.group && ` · ${one.group}`}
        {one.event_id && " · "}
        {one.event_id && eventName(one.event_id)}
        {` · ${dateAndTime(one.created_at)} · ${labelOf("by", one.created_by, one.created_by)}`}
      </p>
      {busy(one) && <AtWork one={one} found={load} />}
      {one.status === "awaiting_review" && <Review one={one} found={load} />}
      {!busy(one) && one.status !== "awaiting_review" && <Outcome one={one} found={load} />}
    </>
  );
}

function AtWork({ one, found: load }: { one: Import; found: Load<Import> }): JSX.Element {
  const hasProgress = one.status !== "awaiting_upload" && one.progress > 0;
  return (
    <section class="card stack">
      <h2>{t(`atWork.${one.status as "reading"}`)}</h2>
      <progress max={1} {...(hasProgress && { value: one.progress })} aria-label={t(`status.${one.status}`)} />
      <p class="hint">
        {one.status === "awaiting_upload"
          ? t("atWork.stay")
          : `${hasProgress ? percent(one.progress) : t("waiting")} · ${t("atWork.leave")}`}
      </p>
      <div class="actions">
        <Cancel one={one} found={load} />
      </div>
    </section>
  );
}

export function Cancel({ one, found: load }: { one: Import; found: Load<Import> }): JSX.Element {
  const { busy, problem, send } = useSending();
  const cancel = async (): Promise<void> => {
    if (
      !(await ask({
        title: t("cancelImport.title"),
        text: t("cancelImport.text"),
        act: t("cancelImport.act"),
        danger: true,
      }))
    )
      return;
    if (await send(async () => load.set(await post<Import>(at`v1/imports/${one.import_id}/cancel`))))
      showNotice(t("cancelImport.done"));
    load.again();
  };
  return (
    <>
      <button type="button" onClick={() => void cancel()} disabled={busy}>
        {t("cancelImport.act")}
      </button>
      <ProblemNotice of={problem} />
    </>
  );
}
