// A webhook: its URL and events, the rotation of its secret, and its deliveries.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer, Body, Item } from "../../answers";
import { at, get, post, put, remove, withToken } from "../../api";
import { Back } from "../../parts/back";
import { Badge, type Tone } from "../../parts/badge";
import { Checkbox, TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { Loaded, useLoad, usePages } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { RelativeTime } from "../../parts/relative_time";
import { ProblemNotice, useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import { More, Table } from "../../parts/table";
import { go } from "../../router";
import { coded, t } from "../../words";
import { OneTimeSecret } from "../access/one_time_secret";
import { OwnToken } from "../access/tokens";
import { State, type Webhook } from "./webhooks";

type Saved = Answer<"/v1/webhooks/{webhook_id}", "put">;
type Settings = Body<"/v1/webhooks/{webhook_id}", "put">;
type Delivery = Item<"/v1/webhooks/{webhook_id}/deliveries">;

const EVENTS = [
  "import.ended",
  "import.waiting",
  "list.published",
  "member.joined",
  "member.left",
  "code.held",
  "code.redeemed",
  "code.released",
  "code.used_up",
  "group.expired",
] as const;
const TONES: Readonly<Record<Delivery["status"], Tone>> = { pending: "busy", delivered: "good", set_aside: "bad" };

export function NewWebhook(): JSX.Element {
  const [created, setMade] = useState<Saved>();
  return (
    <>
      <Back place="settings/webhooks" name="webhooks.title" />
      <h1>{t("webhooks.new")}</h1>
      {created ? (
        <OneTimeSecret
          name={t("webhooks.secretOf", { id: created.webhook_id })}
          secret={created.secret ?? ""}
          close={() => go("settings", "webhooks", created.webhook_id)}
        />
      ) : (
        <Form saved={setMade} />
      )}
    </>
  );
}

export function WebhookPage({ id }: { id: string }): JSX.Element {
  const load = useLoad((signal) => get<Webhook>(at`v1/webhooks/${id}`, signal), [id]);
  return (
    <>
      <Back place="settings/webhooks" name="webhooks.title" />
      <div class="top">
        <h1>{id}</h1>
        {load.value && <State of={load.value} />}
      </div>
      <Loaded of={load}>
        {(webhook) => (
          <>
            <Form known={webhook} saved={load.again} />
            <Rotate webhook={webhook} />
            <Deliveries webhook={webhook} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Form({ known: webhook, saved }: { known?: Webhook; saved: (saved: Saved) => void }): JSX.Element {
  const [id, setId] = useState(webhook?.webhook_id ?? "");
  const [own, setOwn] = useState("");
  const [settings, set] = useState<Settings>({
    url: webhook?.url ?? "",
    events: webhook?.events ?? [],
    enabled: webhook?.enabled ?? true,
    include_personal: webhook?.include_personal ?? false,
  });
  const sending = useSending();
  const { busy, problem, send, carryOut } = sending;
  const path = at`v1/webhooks/${id}`;
  const change = (some: Partial<Settings>): void => set({ ...settings, ...some });
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    let result: Saved | undefined;
    const body = { ...settings, url: settings.url.trim() };
    const keep = webhook ? () => put<Saved>(path, body) : () => withToken<Saved>("PUT", path, own, body, true);
    if (!(await send(async () => (result = await keep()))) || !result) return;
    showNotice(t("webhooks.saved"));
    saved(result);
  };
  const drop = (): Promise<void> =>
    carryOut(() => remove(path), {
      ask: {
        title: t("webhooks.remove"),
        text: t("webhooks.removeAsk", { id }),
        act: t("webhooks.remove"),
        danger: true,
      },
      notice: t("webhooks.removed"),
      after: () => go("settings", "webhooks"),
    });
  return (
    <ApiForm of={sending} class="card narrow" submit={save}>
      {!webhook && (
        <TextField
          label={t("webhooks.id")}
          hint={t("catalogue.idHint")}
          error={problem?.about("webhook_id") ?? problem?.because("exists")}
          required
          maxLength={128}
          value={id}
          change={setId}
        />
      )}
      <TextField
        label={t("webhooks.url")}
        hint={t("webhooks.urlHint")}
        error={problem?.about("url") ?? problem?.because("url_not_allowed")}
        required
        maxLength={2000}
        value={settings.url}
        change={(url) => change({ url })}
      />
      <fieldset class="choices">
        <legend>{t("webhooks.events")}</legend>
        {EVENTS.map((event) => (
          <Checkbox
            key={event}
            label={t(`event.${event}`)}
            value={settings.events.includes(event)}
            change={(events) =>
              change({ events: EVENTS.filter((one) => (one === event ? events : settings.events.includes(one))) })
            }
          />
        ))}
      </fieldset>
      <Checkbox
        label={t("webhooks.personal")}
        hint={t("webhooks.personalHint")}
        value={settings.include_personal ?? false}
        change={(include_personal) => change({ include_personal })}
      />
      <Checkbox
        label={t("webhooks.enabled")}
        value={settings.enabled ?? true}
        change={(enabled) => change({ enabled })}
      />
      {!webhook && <OwnToken value={own} change={setOwn} error={problem?.because("unauthenticated")} />}
      <Submit of={sending} ready={settings.events.length > 0}>
        {webhook && (
          <button type="button" class="danger" disabled={busy} onClick={() => void drop()}>
            {t("webhooks.remove")}
          </button>
        )}
      </Submit>
    </ApiForm>
  );
}

function Rotate({ webhook: { webhook_id } }: { webhook: Webhook }): JSX.Element {
  const [own, setOwn] = useState("");
  const [created, setMade] = useState<Saved>();
  const sending = useSending();
  const { problem, send } = sending;
  const rotate = async (event: Event): Promise<void> => {
    event.preventDefault();
    await send(async () => setMade(await withToken<Saved>("POST", at`v1/webhooks/${webhook_id}/rotate`, own)));
  };
  if (created)
    return (
      <OneTimeSecret
        name={t("webhooks.secretOf", { id: webhook_id })}
        secret={created.secret ?? ""}
        close={() => setMade(undefined)}
      />
    );
  return (
    <details class="card narrow">
      <summary>{t("webhooks.rotate")}</summary>
      <ApiForm of={sending} submit={rotate}>
        <p class="hint">{t("webhooks.rotateHint")}</p>
        <OwnToken value={own} change={setOwn} error={problem?.because("unauthenticated")} />
        <Submit of={sending} act={t("webhooks.rotate")} />
      </ApiForm>
    </details>
  );
}

function Deliveries({ webhook: { webhook_id } }: { webhook: Webhook }): JSX.Element {
  const path = at`v1/webhooks/${webhook_id}/deliveries`;
  const deliveries = usePages<Delivery>(path, { limit: 25 });
  return (
    <section class="stack" aria-labelledby="deliveries">
      <h2 id="deliveries">{t("deliveries.title")}</h2>
      <Loaded of={deliveries} empty={<p>{t("deliveries.none")}</p>}>
        {(page) => (
          <>
            <Table
              caption={t("deliveries.title")}
              rows={page}
              by={(delivery) => delivery.delivery_id}
              columns={[
                { name: t("deliveries.event"), as: "head", cell: ({ type }) => t(`event.${type}`) },
                { name: t("deliveries.at"), cell: ({ created_at }) => <RelativeTime at={created_at} /> },
                {
                  name: t("webhooks.state"),
                  cell: ({ status }) => <Badge tone={TONES[status]}>{t(`deliveries.${status}`)}</Badge>,
                },
                { name: t("deliveries.answer"), cell: (delivery) => <Answered delivery={delivery} /> },
                {
                  name: t("members.actions"),
                  as: "actions",
                  cell: (delivery) => <Replay path={path} delivery={delivery} done={deliveries.again} />,
                },
              ]}
            />
            <More of={deliveries} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function Answered({ delivery: { attempts, answer } }: { delivery: Delivery }): JSX.Element | null {
  const last = attempts.at(-1);
  if (!last) return null;
  return (
    <span>
      {last.status_code ?? coded("no_answer", last.reason ?? "", {}, last.error ?? "–")}
      <small>{t("deliveries.tries", { n: attempts.length })}</small>
      {answer && <small class="code">{answer.slice(0, 200)}</small>}
    </span>
  );
}

function Replay({ path, delivery, done }: { path: string; delivery: Delivery; done: () => void }): JSX.Element {
  const { busy, problem, carryOut } = useSending();
  const replay = (): Promise<void> =>
    carryOut(() => post(`${path}/${encodeURIComponent(delivery.delivery_id)}/replay`), {
      notice: t("deliveries.replayed"),
      after: done,
    });
  return (
    <div class="actions">
      <button type="button" class="plain" disabled={busy} onClick={() => void replay()}>
        {t("deliveries.replay")}
      </button>
      <ProblemNotice of={problem} />
    </div>
  );
}
