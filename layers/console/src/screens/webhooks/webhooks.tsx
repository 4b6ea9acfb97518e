// The list of webhooks.

import type { JSX } from "preact";
import type { Item } from "../../answers";
import { Back } from "../../parts/back";
import { Badge } from "../../parts/badge";
import { Loaded, usePages } from "../../parts/load";
import { More, Table } from "../../parts/table";
import { to } from "../../router";
import { t } from "../../words";

export type Webhook = Item<"/v1/webhooks">;

export function Webhooks(): JSX.Element {
  const webhooks = usePages<Webhook>("v1/webhooks");
  return (
    <>
      <Back place="settings" name="settings.title" />
      <div class="top">
        <h1>{t("webhooks.title")}</h1>
        <div class="actions">
          <a class="button main" href={to("settings", "webhooks", "new", "webhook")}>
            {t("webhooks.new")}
          </a>
        </div>
      </div>
      <p class="subtitle">{t("webhooks.about")}</p>
      <Loaded of={webhooks} empty={<p>{t("webhooks.none")}</p>}>
        {(page) => (
          <>
            <Table
              caption={t("webhooks.title")}
              rows={page}
              by={(webhook) => webhook.webhook_id}
              columns={[
                {
                  name: t("webhooks.id"),
                  as: "head",
                  cell: ({ webhook_id }) => <a href={to("settings", "webhooks", webhook_id)}>{webhook_id}</a>,
                },
                { name: t("webhooks.url"), cell: ({ url }) => <span class="code">{url}</span> },
                { name: t("webhooks.state"), cell: (webhook) => <State of={webhook} /> },
              ]}
            />
            <More of={webhooks} />
          </>
        )}
      </Loaded>
    </>
  );
}

export function State({ of: { enabled, disabled_reason } }: { of: Webhook }): JSX.Element {
  if (disabled_reason) return <Badge tone="bad">{t(`webhooks.disabled.${disabled_reason}`)}</Badge>;
  return <Badge tone={enabled ? "good" : "quiet"}>{t(enabled ? "webhooks.on" : "webhooks.off")}</Badge>;
}
