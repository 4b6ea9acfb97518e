// All imports of files, newest first.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { eventName } from "../../event_names";
import { busy, type Import, KINDS, type Kind, nameOf, type Status } from "../../imports";
import { Badge, type Tone } from "../../parts/badge";
import { Loaded, usePages } from "../../parts/load";
import { RelativeTime } from "../../parts/relative_time";
import { type Column, More, Table } from "../../parts/table";
import { to, useAsked } from "../../router";
import { coded, number, t } from "../../words";

const TONES: Readonly<Record<Status, Tone>> = {
  awaiting_upload: "quiet",
  reading: "busy",
  awaiting_review: "warn",
  importing: "busy",
  complete: "good",
  partial: "warn",
  failed: "bad",
  cancelled: "quiet",
};
const LOOK_AGAIN = 3_000;
const A_PAGE = 25;

export function Previous(): JSX.Element {
  const [kind, setKind] = useAsked<Kind | "">("kind", "");
  const imports = usePages<Import>("v1/imports", { kind, limit: A_PAGE });
  const rows = imports.value ?? [];
  const moving = rows.length <= A_PAGE && rows.some((one) => one.status === "reading" || one.status === "importing");
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(imports.again, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [moving]);
  return (
    <section class="card" aria-labelledby="previous">
      <div class="top">
        <h2 id="previous">{t("previous.title")}</h2>
        <label class="row">
          <span class="unseen">{t("previous.kind")}</span>
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind | "")}>
            <option value="">{t("previous.all")}</option>
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`kind.${kind}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Loaded of={imports} empty={<p>{t("previous.empty")}</p>}>
        {(rows) => (
          <>
            <Table caption={t("previous.title")} rows={rows} columns={columns()} by={(one) => one.import_id} />
            <More of={imports} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function columns(): readonly Column<Import>[] {
  return [
    { name: t("previous.file"), as: "head", cell: (one) => <a href={to("imports", one.import_id)}>{nameOf(one)}</a> },
    { name: t("previous.what"), cell: (one) => <Target of={one} /> },
    { name: t("previous.when"), cell: (one) => <RelativeTime at={one.created_at} /> },
    { name: t("previous.status"), cell: (one) => <StatusBadge of={one} /> },
    {
      name: t("previous.rows"),
      as: "figure",
      cell: (one) => <Rows of={one} />,
    },
    { name: t("previous.tickets"), as: "figure", cell: (one) => <Tally of={one} what="tickets" /> },
    { name: t("previous.contacts"), as: "figure", cell: (one) => <Tally of={one} what="contacts" /> },
  ];
}

/** The number of imported rows, or of rows that a waiting import would import. */
function Rows({ of: one }: { of: Import }): JSX.Element | null {
  const { imported, total, would_import } = one.counts;
  if (busy(one)) return null;
  return one.status === "awaiting_review" ? (
    <span>{would_import !== undefined && coded("rows", "ready", { n: would_import }, "")}</span>
  ) : (
    <span>{share(imported, total)}</span>
  );
}

export function StatusBadge({ of: one }: { of: Import }): JSX.Element {
  if (one.undone) return <Badge tone="quiet">{t("status.undone")}</Badge>;
  return <Badge tone={TONES[one.status]}>{t(`status.${one.status}`)}</Badge>;
}

function Target({ of: one }: { of: Import }): JSX.Element {
  return (
    <span>
      {t(`kind.${one.kind}`)}
      <small>{one.group ?? (one.event_id && eventName(one.event_id))}</small>
    </span>
  );
}

function Tally({ of: one, what }: { of: Import; what: "tickets" | "contacts" }): JSX.Element | null {
  const tally = one[what];
  if (!tally || one.status === "awaiting_review") return null;
  return <a href={to("imports", one.import_id, what)}>{share(tally.imported ?? 0, tally.total ?? 0)}</a>;
}

function share(imported: number, total: number): string {
  return t("previous.share", { imported: number(imported), total: number(total) });
}
