// One thing of the catalogue, made or changed; and for sale and inventory items, to whom they are restricted.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { at, get, make, put, remove } from "../../api";
import type { EntityType } from "../../nouns";
import { Back } from "../../parts/back";
import { type Chosen, Several } from "../../parts/chosen";
import { TextField } from "../../parts/field";
import { SendForm } from "../../parts/form";
import { Loaded, useLoad } from "../../parts/load";
import { say } from "../../parts/say";
import { type Sending, useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import { Typeahead } from "../../parts/typeahead";
import { go } from "../../router";
import { findNames, groups, things } from "../../searches";
import { FOLDERS, idFrom, isKind, NAMES, type Thing } from "../../things";
import { t } from "../../words";
import { EventPage } from "../events/event";

type Draft = {
  readonly id: string;
  readonly name: string;
  readonly schedule: Chosen;
  readonly capacity: string;
  readonly event: Chosen;
  readonly inventory: Chosen;
  readonly category: string;
};

const NOTHING: Chosen = { id: "", name: "" };
const BLANK: Draft = {
  id: "",
  name: "",
  schedule: NOTHING,
  capacity: "",
  event: NOTHING,
  inventory: NOTHING,
  category: "",
};
export function NewThing({ kind }: { kind: string }): JSX.Element {
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

export function OneThing({ kind, id }: { kind: string; id: string }): JSX.Element {
  return isKind(kind) ? <ExistingThing kind={kind} id={id} /> : <p class="empty">{t("shell.nowhere")}</p>;
}

function ExistingThing({ kind, id }: { kind: EntityType; id: string }): JSX.Element {
  const thing = useLoad((signal) => loadThing(kind, id, signal), [kind, id]);
  return (
    <>
      <Back place="catalogue" name="catalogue.title" />
      <Loaded of={thing}>
        {({ thing: { name, sales, group_ids }, draft }) => (
          <>
            <h1>{name}</h1>
            <p class="subtitle">
              {t(NAMES[kind])} <code>{id}</code>
            </p>
            {sales && <EventPage id={id} sales={sales} />}
            <Form key={id} kind={kind} draft={draft} saved={thing.again} titled={sales !== undefined} />
            {group_ids !== undefined && (
              <Restriction
                key={id}
                path={at`v1/${FOLDERS[kind]}/${id}/restriction`}
                ids={group_ids}
                changed={thing.again}
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
  /** Whether it stands among other parts of the screen. */
  readonly titled?: boolean;
};

function Form({ kind, draft, saved, titled }: FormProps): JSX.Element {
  const [thing, set] = useState(draft);
  const [own, setOwn] = useState(false);
  const sending = useSending();
  const { problem, carryOut } = sending;
  const change = (some: Partial<Draft>): void => set({ ...thing, ...some });
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const keep = draft.id ? put : make;
    await carryOut(() => keep(at`v1/${FOLDERS[kind]}/${thing.id}`, body(kind, thing)), {
      say: t("catalogue.saved"),
      after: () => saved(thing.id),
    });
  };
  return (
    <SendForm of={sending} class="card narrow" submit={save}>
      {titled && <h2>{t("groups.settings")}</h2>}
      <TextField
        label={t("catalogue.name")}
        error={problem?.about("name")}
        required
        maxLength={200}
        value={thing.name}
        change={(name) => change({ name, ...(!own && !draft.id && { id: idFrom(name) }) })}
      />
      {!draft.id && (
        <TextField
          label={t("catalogue.id")}
          hint={t("catalogue.idHint")}
          error={problem?.about(`${kind}_id`) ?? problem?.because("exists")}
          required
          maxLength={128}
          value={thing.id}
          change={(id) => {
            setOwn(id !== "");
            change({ id });
          }}
        />
      )}
      {kind === "event" && <OfEvent thing={thing} change={change} problem={problem} />}
      {kind === "sale_item" && <OfSaleItem thing={thing} change={change} problem={problem} />}
      <Submit of={sending} />
    </SendForm>
  );
}

type Part = { thing: Draft; change: (some: Partial<Draft>) => void; problem: Sending["problem"] };

function OfEvent({ thing, change, problem }: Part): JSX.Element {
  return (
    <>
      <Typeahead
        label={t("catalogue.schedule")}
        hint={t("catalogue.scheduleHint")}
        error={problem?.about("schedule_id")}
        value={thing.schedule.name}
        change={(typed, picked) => change({ schedule: picked ?? { id: typed.trim(), name: typed } })}
        search={things("schedule")}
        only
      />
      <TextField
        label={t("catalogue.capacity")}
        hint={t("catalogue.capacityHint")}
        error={problem?.about("capacity")}
        type="number"
        min={0}
        value={thing.capacity}
        change={(capacity) => change({ capacity })}
      />
    </>
  );
}

function OfSaleItem({ thing, change, problem }: Part): JSX.Element {
  return (
    <>
      <Typeahead
        label={t("catalogue.event")}
        error={problem?.about("event_id")}
        required
        value={thing.event.name}
        change={(typed, picked) => change({ event: picked ?? { id: typed.trim(), name: typed } })}
        search={things("event")}
        only
      />
      <Typeahead
        label={t("catalogue.inventory_item")}
        hint={t("catalogue.inventoryHint")}
        error={problem?.about("inventory_item_id")}
        value={thing.inventory.name}
        change={(typed, picked) => change({ inventory: picked ?? { id: typed.trim(), name: typed } })}
        search={things("inventory_item")}
        only
      />
      <TextField
        label={t("check.category")}
        error={problem?.about("category")}
        maxLength={200}
        value={thing.category}
        change={(category) => change({ category })}
      />
    </>
  );
}

/** Only members of these groups see and buy it; nobody named is open to all. */
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
  before: readonly Chosen[];
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
      say(t(chosen.length > 0 ? "restriction.saved" : "restriction.opened"));
      changed();
    }
  };
  return (
    <SendForm of={sending} submit={save}>
      <p>{t(closed ? "restriction.closed" : "restriction.open")}</p>
      <Several
        label={t("restriction.groups")}
        hint={t("restriction.hint")}
        error={problem?.about("group_ids")}
        chosen={chosen}
        change={choose}
        search={groups}
      />
      <Submit of={sending} act={t("restriction.save")} />
    </SendForm>
  );
}

/** A thing as the form holds it: what it belongs to by name. */
async function loadThing(
  kind: EntityType,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly thing: Thing; readonly draft: Draft }> {
  const thing = await get<Thing>(at`v1/${FOLDERS[kind]}/${id}`, signal);
  const one = async (kind: EntityType, id: string | null | undefined): Promise<Chosen> =>
    (id ? (await findNames(kind, [id], signal))[0] : undefined) ?? NOTHING;
  const belongs = [
    one("schedule", thing.schedule_id),
    one("event", thing.event_id),
    one("inventory_item", thing.inventory_item_id),
  ] as const;
  return { thing, draft: drafted(id, thing, await Promise.all(belongs)) };
}

function drafted(id: string, thing: Thing, [schedule, event, inventory]: readonly [Chosen, Chosen, Chosen]): Draft {
  return {
    id,
    name: thing.name,
    schedule,
    capacity: thing.capacity === null || thing.capacity === undefined ? "" : String(thing.capacity),
    event,
    inventory,
    category: thing.category ?? "",
  };
}

function body(kind: EntityType, { name, schedule, capacity, event, inventory, category }: Draft): object {
  if (kind === "event")
    return { name, schedule_id: schedule.id || null, capacity: capacity === "" ? null : Number(capacity) };
  if (kind === "sale_item")
    return { name, event_id: event.id, inventory_item_id: inventory.id || null, category: category || null };
  return { name };
}
