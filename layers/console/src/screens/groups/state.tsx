// What a group's state is, in badges and words.

import type { JSX } from "preact";
import type { Group } from "../../nouns";
import { Badge } from "../../parts/badge";
import { When } from "../../parts/when";
import { to } from "../../router";
import { organiser } from "../../session";
import { until } from "../../times";
import { t } from "../../words";

export function State({ group }: { group: Group }): JSX.Element {
  if (group.status === "deleted") return <Badge tone="quiet">{t("groups.deleted")}</Badge>;
  if (group.status === "expired") return <Badge tone="bad">{t("groups.expired")}</Badge>;
  if (group.starts_at && new Date(group.starts_at) > new Date()) return <Badge tone="busy">{t("groups.notYet")}</Badge>;
  return <Badge tone="good">{t("groups.active")}</Badge>;
}

/** Green when somebody new gets a mail, red when nobody does; a target group has no members to mail. */
export function MailBadge({ group }: { group: Group }): JSX.Element | null {
  if (group.type === "target") return null;
  const { enabled } = group.welcome_email;
  return <Badge tone={enabled ? "good" : "bad"}>{t(enabled ? "groups.mailOn" : "groups.mailOff")}</Badge>;
}

/** The day on which it ends and the countdown to it. */
export function Expiry({ group: { expires_at, status } }: { group: Group }): JSX.Element | null {
  if (!expires_at) return null;
  return (
    <>
      {until(expires_at)}{" "}
      {status === "active" && (
        <small>
          (<When at={expires_at} />)
        </small>
      )}
    </>
  );
}

export function LastSync({ group: { type, last_sync_at } }: { group: Group }): JSX.Element | null {
  if (type !== "automatic") return null;
  return last_sync_at ? <When at={last_sync_at} /> : <span>{t("groups.neverSynced")}</span>;
}

/** That manual and automatic groups are switched off, where they are. */
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
