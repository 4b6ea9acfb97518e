// The frame of every page of a group: its name, state, actions and tabs.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Answer } from "../../answers";
import { at, download, get, post, remove } from "../../api";
import { switchedOff, TYPE_HINTS, TYPE_NAMES } from "../../groups";
import { Back } from "../../parts/back";
import { type Load, Loaded, useLoad } from "../../parts/load";
import { showNotice } from "../../parts/notices";
import { ProblemNotice, type Sending, useSending } from "../../parts/send";
import type { Option } from "../../parts/typeahead";
import { to } from "../../router";
import { findNames } from "../../searches";
import { dateAndTime } from "../../times";
import type { Group } from "../../types";
import { number, type Plain, t } from "../../words";
import { exported } from "./export";
import { Restore } from "./restore";
import { Expiry, LastSync, MailBadge, State, SwitchedOff } from "./state";

const PARTS = {
  "": "groups.members",
  settings: "groups.settings",
  rules: "groups.rules",
  welcome: "groups.mail",
  versions: "groups.versions",
  history: "groups.history",
} as const;
export type Part = keyof typeof PARTS;
type Deleted = Answer<"/v1/groups/{group_id}", "delete">;
const MAX_CLOSED_ITEMS = 20;
const SYNC_LOOKS = 60;
const LOOK_AGAIN = 1_500;

type Props = {
  readonly id: string;
  readonly part: Part;
  readonly children: (group: Group, load: Load<Group>) => ComponentChildren;
};

export function Frame({ id, part, children }: Props): JSX.Element {
  const group = useLoad((signal) => get<Group>(at`v1/groups/${id}`, signal), [id]);
  return (
    <>
      <Back place="groups" name="groups.title" />
      <Loaded of={group}>
        {(loadedGroup) => (
          <>
            <Top group={loadedGroup} load={group} />
            <Parts group={loadedGroup} part={part} />
            {children(loadedGroup, group)}
          </>
        )}
      </Loaded>
    </>
  );
}

function Top({ group, load }: { group: Group; load: Load<Group> }): JSX.Element {
  const sending = useSending();
  const follow = useSync(group, load);
  const [shut, tell] = useState<readonly Option[]>([]);
  return (
    <>
      <div class="top">
        <h1>
          {group.name} <State group={group} />
        </h1>
        <Actions group={group} load={load} sending={sending} follow={follow} tell={tell} />
      </div>
      <ProblemNotice of={sending.problem} />
      {group.status === "deleted" && shut.length > 0 && <Shut items={shut} />}
      {group.type !== "target" && <SwitchedOff />}
      {group.status === "expired" && <p class="alert warn">{t("groups.expiredLong")}</p>}
      {group.status === "deleted" && <p class="alert warn">{t("groups.deletedLong")}</p>}
      <dl class="facts">
        <dt>{t("groups.type")}</dt>
        <dd>
          {t(TYPE_NAMES[group.type])} <small class="about">{t(TYPE_HINTS[group.type])}</small>
        </dd>
        <dt>{t(group.type === "target" ? "groups.entries" : "groups.members")}</dt>
        <dd>{number(group.members)}</dd>
        {group.type === "automatic" && (
          <>
            <dt>{t("groups.lastSync")}</dt>
            <dd>
              <LastSync group={group} />
            </dd>
          </>
        )}
        {group.starts_at && (
          <>
            <dt>{t("groups.starts")}</dt>
            <dd>{dateAndTime(group.starts_at)}</dd>
          </>
        )}
        {group.expires_at && (
          <>
            <dt>{t("groups.expires")}</dt>
            <dd>
              <Expiry group={group} />
            </dd>
          </>
        )}
        {group.type !== "target" && (
          <>
            <dt>{t("groups.mail")}</dt>
            <dd>
              <MailBadge group={group} />
            </dd>
          </>
        )}
      </dl>
    </>
  );
}

/** Poll during a sync until it is done or has taken long; returns a function to call after requesting one. */
function useSync({ type, status, last_sync_at }: Group, { loading, again, problem }: Load<Group>): () => void {
  const [request, ask] = useState<{ readonly since: string | null; readonly triesLeft: number }>({
    since: null,
    triesLeft: SYNC_LOOKS,
  });
  const under = type === "automatic" && status === "active" && last_sync_at === request.since && request.triesLeft > 0;
  useEffect(() => {
    if (!under || loading || problem) return;
    const timer = setTimeout(() => {
      ask({ ...request, triesLeft: request.triesLeft - 1 });
      again();
    }, LOOK_AGAIN);
    return () => clearTimeout(timer);
  }, [under, loading, problem]);
  return () => ask({ since: last_sync_at, triesLeft: SYNC_LOOKS });
}

type ActionProps = {
  readonly group: Group;
  readonly load: Load<Group>;
  readonly sending: Sending;
  readonly follow: () => void;
  readonly tell: (shut: readonly Option[]) => void;
};

function Actions({ group, load, sending: { busy, send, carryOut }, follow, tell }: ActionProps): JSX.Element {
  const { group_id: id, name } = group;
  const off = switchedOff(group.type);
  const act = (
    title: Plain,
    text: string,
    what: () => Promise<unknown>,
    notice: Plain,
    danger = false,
  ): Promise<void> =>
    carryOut(what, { ask: { title: t(title), text, act: t(title), danger }, notice: t(notice), after: load.again });
  const synced = (): Promise<void> =>
    act(
      "groups.resync",
      t("groups.resyncAsk", { name }),
      () => {
        follow();
        return post(at`v1/groups/${id}/resync`);
      },
      "groups.resynced",
    );
  const [restoring, restore] = useState(false);
  const deleted = (): Promise<void> =>
    act(
      "groups.delete",
      t("groups.deleteAsk", { name }),
      async () => tell(await shutBy(await remove<Deleted>(at`v1/groups/${id}`))),
      "groups.gone",
      true,
    );
  return (
    <div class="actions">
      <button type="button" disabled={busy} onClick={() => void send(() => handOver(group))}>
        {t(busy ? "waiting" : "groups.export")}
      </button>
      {group.type === "automatic" && group.status === "active" && !off && (
        <button type="button" disabled={busy} onClick={() => void synced()}>
          {t("groups.resync")}
        </button>
      )}
      {group.status === "expired" && !off && (
        <a class="button" href={`${to("groups", "new")}?like=${encodeURIComponent(id)}`}>
          {t("groups.copy")}
        </a>
      )}
      {group.status === "deleted" ? (
        <button key="restore" type="button" class="main" disabled={busy || off} onClick={() => restore(true)}>
          {t("groups.restore")}
        </button>
      ) : (
        <button key="delete" type="button" class="danger" disabled={busy} onClick={() => void deleted()}>
          {t("groups.delete")}
        </button>
      )}
      {restoring && (
        <Restore
          group={group}
          close={() => restore(false)}
          restored={(back) => {
            restore(false);
            load.set(back);
          }}
        />
      )}
    </div>
  );
}

/** The names of sale items that nobody can buy any more. */
function shutBy({ shut_sale_items }: Deleted): Promise<readonly Option[]> {
  return findNames("sale_item", shut_sale_items.slice(0, MAX_CLOSED_ITEMS), new AbortController().signal);
}

function Shut({ items }: { items: readonly Option[] }): JSX.Element {
  return (
    <div class="alert bad" role="alert">
      <p>{t("groups.shut")}</p>
      <ul>
        {items.map(({ id, name }) => (
          <li key={id}>
            <a href={to("catalogue", "sale_item", id)}>{name}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Download the whole list as a file. */
async function handOver({ group_id, name }: Group): Promise<void> {
  const list = await exported(group_id);
  if (list) download(list, `${name}.csv`);
  else showNotice(t("groups.exportLater"), "bad");
}

function Parts({ group, part }: { group: Group; part: Part }): JSX.Element {
  const shown = (Object.keys(PARTS) as Part[]).filter(
    (one) =>
      (one !== "rules" || group.type === "automatic") &&
      (one !== "welcome" || group.type !== "target") &&
      (one !== "versions" || group.type === "target"),
  );
  return (
    <nav class="parts" aria-label={group.name}>
      {shown.map((one) => (
        <a
          key={one}
          href={to("groups", group.group_id, ...(one ? [one] : []))}
          aria-current={one === part ? "page" : undefined}
        >
          {t(one === "" && group.type === "target" ? "groups.entries" : PARTS[one])}
        </a>
      ))}
    </nav>
  );
}
