// An entity of the catalogue: create, change, and for sale and inventory items restrict to groups.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { at, create, get, put, remove } from "../../api";
import { type Entity, FOLDERS, idFrom, isKind, NAMES } from "../../entities";
import { Back } from "../../parts/back";
import { TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { Loaded, useLoad } from "../../parts/load";
import { MultiSelect, type Selected } from "../../parts/multi_select";
import { showNotice } from "../../parts/notices";
import { type Sending, useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import { Typeahead } from "../../parts/typeahead";
import { go } from "../../router";
import { findNames, groups, searchEntities } from "../../searches";
import type { EntityType } from "../../types";
import { t } from "../../words";
import { EventPage } from "../events/event";

type Draft = {
  readonly id: string;
  readonly name: string;
  readonly schedule: Selected;
  readonly capacity: string;
  readonly event: Selected;
  readonly inventory: Selected;
  readonly category: string;
};

const NOTHING: Selected = { id: "", name: "" };
const BLANK: Draft = {
  id: "",
  name: "",
  schedule: NOTHING,
  capacity: "",
  event: NOTHING,
  inventory: NOTHING,
  category: "",
};
export function NewEntity({ kind }: { kind: string }): JSX.Element {
  return isKind(kind) ? (
    <>
      <Back place="catalogue" name="catalogue.title" />
      <h1>{t(`catalogue.new.${kind}`)}</h1>
      <Form kind={kind} draft={BLANK} saved={(id) => go("catalogue", kind, id)} />
    </>
  ) : (
    <p class="empty">{t("shell.nowhere")}</p>
  );
}

export function EntityPage({ kind, id }: { kind: string; id: string }): JSX.Element {
  return isKind(kind) ? <ExistingThing kind={kind} id={id} /> : <p class="empty">{t("shell.nowhere")}</p>;
}

function ExistingThing({ kind, id }: { kind: EntityType; id: string }): JSX.Element {
  const entity = useLoad((signal) => loadEntity(kind, id, signal), [kind, id]);
  return (
    <>
      <Back place="catalogue" name="catalogue.title" />
      <Loaded of={entity}>
        {({ entity: { name, sales, group_ids }, draft }) => (
          <>
            <h1>{name}</h1>
            <p class="subtitle">
              {t(NAMES[kind])} <code>{id}</code>
            </p>
            {sales && <EventPage id={id} sales={sales} />}
            <Form key={id} kind={kind} draft={draft} saved={entity.again} titled={sales !== undefined} />
            {group_ids !== undefined && (
              <Restriction
                key={id}
                path={at`v1/${FOLDERS[kind]}/${id}/restriction`}
                ids={group_ids}
                changed={entity.again}
              />
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

type FormProps = {
  readonly kind: EntityType;
  readonly draft: Draft;
  readonly saved: (id: string) => void;
  /** Whether it is one of several parts of the screen. */
  readonly titled?: boolean;
};

function Form({ kind, draft, saved, titled }: FormProps): JSX.Element {
  const [entity, set] = useState(draft);
  const [own, setOwn] = useState(false);
  const sending = useSending();
  const { problem, carryOut } = sending;
  const change = (some: Partial<Draft>): void => set({ ...entity, ...some });
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const keep = draft.id ? put : create;
    await carryOut(() => keep(at`v1/${FOLDERS[kind]}/${entity.id}`, body(kind, entity)), {
      notice: t("catalogue.saved"),
      after: () => saved(entity.id),
    });
  };
  return (
    <ApiForm of={sending} class="card narrow" submit={save}>
      {titled && <h2>{t("groups.settings")}</h2>}
      <TextField
        label={t("catalogue.name")}
        error={problem?.about("name")}
        required
        maxLength={200}
        value={entity.name}
        change={(name) => change({ name, ...(!own && !draft.id && { id: idFrom(name) }) })}
      />
      {!draft.id && (
        <TextField
          label={t("catalogue.id")}
          hint={t("catalogue.idHint")}
          error={problem?.about(`${kind}_id`) ?? problem?.because("exists")}
          required
          maxLength={128}
          value={entity.id}
          change={(id) => {
            setOwn(id !== "");
            change({ id });
          }}
        />
      )}
      {kind === "event" && <OfEvent entity={entity} change={change} problem={problem} />}
      {kind === "sale_item" && <OfSaleItem entity={entity} change={change} problem={problem} />}
      <Submit of={sending} />
    </ApiForm>
  );
}

type Part = { entity: Draft; change: (some: Partial<Draft>) => void; problem: Sending["problem"] };

function OfEvent({ entity, change, problem }: Part): JSX.Element {
  return (
    <>
      <Typeahead
        label={t("catalogue.schedule")}
        hint={t("catalogue.scheduleHint")}
        error={problem?.about("schedule_id")}
        value={entity.schedule.name}
        change={(typed, picked) => change({ schedule: picked ?? { id: typed.trim(), name: typed } })}
        search={searchEntities("schedule")}
        only
      />
      <TextField
        label={t("catalogue.capacity")}
        hint={t("catalogue.capacityHint")}
        error={problem?.about("capacity")}
        type="number"
        min={0}
        value={entity.capacity}
        change={(capacity) => change({ capacity })}
      />
    </>
  );
}

function OfSaleItem({ entity, change, problem }: Part): JSX.Element {
  return (
    <>
      <Typeahead
        label={t("catalogue.event")}
        error={problem?.about("event_id")}
        required
        value={entity.event.name}
        change={(typed, picked) => change({ event: picked ?? { id: typed.trim(), name: typed } })}
        search={searchEntities("event")}
        only
      />
      <Typeahead
        label={t("catalogue.inventory_item")}
        hint={t("catalogue.inventoryHint")}
        error={problem?.about("inventory_item_id")}
        value={entity.inventory.name}
        change={(typed, picked) => change({ inventory: picked ?? { id: typed.trim(), name: typed } })}
        search={searchEntities("inventory_item")}
        only
      />
      <TextField
        label={t("check.category")}
        error={problem?.about("category")}
        maxLength={200}
        value={entity.category}
        change={(category) => change({ category })}
      />
    </>
  );
}

/** The groups whose members see and buy the item; without groups it is open to all. */
function Restriction({
  path,
  ids,
  changed,
}: {
  path: string;
  ids: readonly string[] | null;
  changed: () => void;
}): JSX.Element {
  const groupNames = useLoad((signal) => findNames("group", ids ?? [], signal), []);
  return (
    <section class="card narrow">
      <h2>{t("restriction.title")}</h2>
      <Loaded of={groupNames}>
        {(before) => <Restricted path={path} before={before} closed={Boolean(ids?.length)} changed={changed} />}
      </Loaded>
    </section>
  );
}

function Restricted({
  path,
  before,
  closed,
  changed,
}: {
  path: string;
  before: readonly Selected[];
  closed: boolean;
  changed: () => void;
}): JSX.Element {
  const [chosen, choose] = useState(before);
  const sending = useSending();
  const { problem, send } = sending;
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const succeeded = await send(() =>
      chosen.length > 0 ? put(path, { group_ids: chosen.map((group) => group.id) }) : remove(path),
    );
    if (succeeded) {
      showNotice(t(chosen.length > 0 ? "restriction.saved" : "restriction.opened"));
      changed();
    }
  };
  return (
    <ApiForm of={sending} submit={save}>
      <p>{t(closed ? "restriction.closed" : "restriction.open")}</p>
      <MultiSelect
        label={t("restriction.groups")}
        hint={t("restriction.hint")}
        error={problem?.about("group_ids")}
        chosen={chosen}
        change={choose}
        search={groups}
      />
      <Submit of={sending} act={t("restriction.save")} />
    </ApiForm>
  );
}

/** An entity in the form, with its references by name. */
async function loadEntity(
  kind: EntityType,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly entity: Entity; readonly draft: Draft }> {
  const entity = await get<Entity>(at`v1/${FOLDERS[kind]}/${id}`, signal);
  const one = async (kind: EntityType, id: string | null | undefined): Promise<Selected> =>
    (id ? (await findNames(kind, [id], signal))[0] : undefined) ?? NOTHING;
  const belongs = [
    one("schedule", entity.schedule_id),
    one("event", entity.event_id),
    one("inventory_item", entity.inventory_item_id),
  ] as const;
  return { entity, draft: drafted(id, entity, await Promise.all(belongs)) };
}

function drafted(
  id: string,
  entity: Entity,
  [schedule, event, inventory]: readonly [Selected, Selected, Selected],
): Draft {
  return {
    id,
    name: entity.name,
    schedule,
    capacity: entity.capacity === null || entity.capacity === undefined ? "" : String(entity.capacity),
    event,
    inventory,
    category: entity.category ?? "",
  };
}

function body(kind: EntityType, { name, schedule, capacity, event, inventory, category }: Draft): object {
  if (kind === "event")
    return { name, schedule_id: schedule.id || null, capacity: capacity === "" ? null : Number(capacity) };
  if (kind === "sale_item")
    return { name, event_id: event.id, inventory_item_id: inventory.id || null, category: category || null };
  return { name };
}
