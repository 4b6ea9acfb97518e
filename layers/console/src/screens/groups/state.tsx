// The state of a group, in badges and words.

import type { JSX } from "preact";
import { Badge } from "../../parts/badge";
import { RelativeTime } from "../../parts/relative_time";
import { to } from "../../router";
import { organiser } from "../../session";
import { until } from "../../times";
import type { Group } from "../../types";
import { t } from "../../words";

export function State({ group }: { group: Group }): JSX.Element {
  if (group.status === "deleted") return <Badge tone="quiet">{t("groups.deleted")}</Badge>;
  if (group.status === "expired") return <Badge tone="bad">{t("groups.expired")}</Badge>;
  if (group.starts_at && new Date(group.starts_at) > new Date()) return <Badge tone="busy">{t("groups.notYet")}</Badge>;
  return <Badge tone="good">{t("groups.active")}</Badge>;
}

/** Green if new members get a mail, red if not; a target group has no members to mail. */
export function MailBadge({ group }: { group: Group }): JSX.Element | null {
  if (group.type === "target") return null;
  const { enabled } = group.welcome_email;
  return <Badge tone={enabled ? "good" : "bad"}>{t(enabled ? "groups.mailOn" : "groups.mailOff")}</Badge>;
}

/** The day of the expiry and the countdown to it. */
export function Expiry({ group: { expires_at, status } }: { group: Group }): JSX.Element | null {
  if (!expires_at) return null;
  return (
    <>
      {until(expires_at)}{" "}
      {status === "active" && (
        <small>
          (<RelativeTime at={expires_at} />)
        </small>
      )}
    </>
  );
}

export function LastSync({ group: { type, last_sync_at } }: { group: Group }): JSX.Element | null {
  if (type !== "automatic") return null;
  return last_sync_at ? <RelativeTime at={last_sync_at} /> : <span>{t("groups.neverSynced")}</span>;
}

/** A notice if manual and automatic groups are switched off. */
export function SwitchedOff(): JSX.Element | null {
  if (organiser.value?.customer_groups !== false) return null;
  return (
    <div class="alert warn">
      <p>
        {t("groups.featureOff")} <a href={to("settings")}>{t("settings.title")}</a>
      </p>
    </div>
  );
}
