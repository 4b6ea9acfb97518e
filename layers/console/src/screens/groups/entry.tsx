// An entry of a target group's list: add, change, remove.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer, Item } from "../../answers";
import { at, Problem, post } from "../../api";
import { Dialog } from "../../parts/dialog";
import { TextField } from "../../parts/field";
import { ApiForm } from "../../parts/form";
import { showNotice } from "../../parts/notices";
import { ProblemNotice, useSending } from "../../parts/send";
import { Submit } from "../../parts/submit";
import type { Group } from "../../types";
import { coded, t } from "../../words";

export type Entry = Item<"/v1/groups/{group_id}/entries">;
type Edited = Pick<Answer<"/v1/groups/{group_id}/entries", "post">, "refused">;

type CodeAndEmail = { readonly code: string | null; readonly email: string | null };

const BLANK = { code: "", email: "", category: "", seat: "", quantity: "1" };

/** Send one entry to a call that accepts several. Throws a `Problem` if it is refused. */
async function edit(path: string, entry: CodeAndEmail): Promise<void> {
  const { refused } = await post<Edited>(path, { entries: [entry] });
  const [first] = refused;
  if (!first) return;
  const value = entry.code ?? entry.email ?? "";
  throw new Problem(409, first.code, coded("entry", first.code, { value }, first.detail));
}

export function AddEntry({ group, added }: { group: Group; added: () => void }): JSX.Element {
  const [entry, set] = useState(BLANK);
  const sending = useSending();
  const { problem, send } = sending;
  const about = (field: string): string | undefined => problem?.about(`entries.0.${field}`);
  const change = (some: Partial<typeof BLANK>): void => set({ ...entry, ...some });
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { code, email, category, seat, quantity } = entry;
    const newEntry = {
      code: code || null,
      email: email || null,
      category: category || null,
      seat: seat || null,
      quantity: Number(quantity),
    };
    if (!(await send(() => edit(at`v1/groups/${group.group_id}/entries`, newEntry)))) return;
    showNotice(t("entries.added"));
    set(BLANK);
    added();
  };
  return (
    <details class="card">
      <summary>{t("entries.add")}</summary>
      <ApiForm of={sending} submit={add}>
        <p class="hint">{t("entries.addHint")}</p>
        <div class="pair">
          <TextField
            label={t("entries.code")}
            error={about("code")}
            autoComplete="off"
            value={entry.code}
            change={(code) => change({ code })}
          />
          <TextField
            label={t("customers.email")}
            error={about("email")}
            type="email"
            value={entry.email}
            change={(email) => change({ email })}
          />
        </div>
        <Opens entry={entry} change={change} about={about} />
        <Submit of={sending} act={t("entries.add")} ready={Boolean(entry.code.trim() || entry.email.trim())} />
      </ApiForm>
    </details>
  );
}

type OpensProps = {
  readonly entry: { readonly category: string; readonly seat: string; readonly quantity: string };
  readonly change: (some: { category?: string; seat?: string; quantity?: string }) => void;
  readonly about: (field: string) => string | undefined;
};

/** The fields for what an entry grants, and how often. */
export function Opens({ entry, change, about }: OpensProps): JSX.Element {
  return (
    <div class="pair">
      <TextField
        label={t("check.category")}
        hint={t("entries.blank")}
        error={about("category")}
        maxLength={200}
        value={entry.category}
        change={(category) => change({ category })}
      />
      <TextField
        label={t("check.seat")}
        hint={t("entries.blank")}
        error={about("seat")}
        maxLength={200}
        value={entry.seat}
        change={(seat) => change({ seat })}
      />
      <TextField
        label={t("entries.quantity")}
        error={about("quantity")}
        type="number"
        min={1}
        required
        value={entry.quantity}
        change={(quantity) => change({ quantity })}
      />
    </div>
  );
}

type ActionsProps = { readonly group: Group; readonly entry: Entry; readonly done: () => void };

/** The name of the entry in sentences. */
function nameOf({ code, email }: Entry): string {
  return code ?? email ?? "";
}

export function EntryActions({ group, entry, done }: ActionsProps): JSX.Element {
  const [changing, change] = useState(false);
  const { busy, problem, carryOut } = useSending();
  const { code, email, category, seat } = entry;
  const name = nameOf(entry);
  const drop = (): Promise<void> => {
    const text = t("entries.removeAsk", { entry: name, group: group.name });
    const removedEntry = { code, email, category, seat };
    return carryOut(() => edit(at`v1/groups/${group.group_id}/entries/remove`, removedEntry), {
      ask: { title: t("entries.remove"), text, act: t("entries.remove"), danger: true },
      notice: t("entries.removed"),
      after: done,
    });
  };
  return (
    <div class="actions">
      <button
        type="button"
        class="plain"
        disabled={busy}
        aria-label={t("entries.changeOne", { entry: name })}
        onClick={() => change(true)}
      >
        {t("entries.change")}
      </button>
      <button
        type="button"
        class="plain"
        disabled={busy}
        aria-label={t("entries.removeOne", { entry: name })}
        onClick={() => void drop()}
      >
        {t("entries.remove")}
      </button>
      <ProblemNotice of={problem} />
      {changing && <Change group={group} entry={entry} close={() => change(false)} done={done} />}
    </div>
  );
}

function Change({ group, entry, close, done }: ActionsProps & { readonly close: () => void }): JSX.Element {
  const [quantity, set] = useState(String(entry.quantity));
  const sending = useSending();
  const { problem, carryOut } = sending;
  const { code, email, category, seat } = entry;
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const changed = { code, email, category, seat, quantity: Number(quantity) };
    const after = (): void => {
      close();
      done();
    };
    await carryOut(() => edit(at`v1/groups/${group.group_id}/entries/change`, changed), {
      notice: t("entries.changed"),
      after,
    });
  };
  return (
    <Dialog title={t("entries.changeOne", { entry: nameOf(entry) })} close={close}>
      <ApiForm of={sending} submit={save}>
        <TextField
          label={t("entries.quantity")}
          hint={t("entries.usedSoFar", { n: entry.used })}
          error={problem?.about("entries.0.quantity")}
          type="number"
          min={1}
          required
          value={quantity}
          change={set}
        />
        <Submit of={sending} cancel={close} />
      </ApiForm>
    </Dialog>
  );
}
