// All screens. The first whose path matches is shown; those with a `nav` are in the navigation.

import type { FunctionComponent } from "preact";
import { matched } from "./router";
import { Tokens } from "./screens/access/tokens";
import { Catalogue } from "./screens/catalogue/catalogue";
import { EntityPage, NewEntity } from "./screens/catalogue/entity";
import { Check } from "./screens/check";
import { Customer } from "./screens/customers/customer";
import { Customers } from "./screens/customers/customers";
import { DiscountPage, NewDiscount } from "./screens/discounts/discount";
import { Discounts } from "./screens/discounts/discounts";
import { DoorList } from "./screens/events/door_list";
import { GroupPage } from "./screens/groups/group";
import { Groups } from "./screens/groups/groups";
import { GroupHistory } from "./screens/groups/history";
import { NewGroup } from "./screens/groups/new";
import { GroupRules } from "./screens/groups/rules";
import { GroupSettings } from "./screens/groups/settings";
import { GroupVersions } from "./screens/groups/versions";
import { GroupWelcome } from "./screens/groups/welcome";
import { ImportPage } from "./screens/imports/import";
import { Imports } from "./screens/imports/start";
import { NewTicket } from "./screens/imports/ticket";
import { ImportedContacts, ImportedTickets } from "./screens/imports/tickets_and_contacts";
import { Redemptions } from "./screens/redemptions";
import { Settings } from "./screens/settings";
import { NewWebhook, WebhookPage } from "./screens/webhooks/webhook";
import { Webhooks } from "./screens/webhooks/webhooks";
import type { Plain } from "./words";

export type Screen = {
  /** Such as `groups/:id`; its parameters are the properties of the component. */
  readonly path: string;
  readonly title: Plain;
  // biome-ignore lint/suspicious/noExplicitAny: each screen takes the names that its own path has
  readonly show: FunctionComponent<any>;
  /** Its name in the navigation; none for screens that others lead to. */
  readonly nav?: Plain;
};

export const screens: readonly Screen[] = [
  { path: "imports", title: "imports.title", nav: "nav.imports", show: Imports },
  { path: "imports/ticket", title: "ticket.title", show: NewTicket },
  { path: "imports/:id", title: "imports.one", show: ImportPage },
  { path: "imports/:id/tickets", title: "tickets.title", show: ImportedTickets },
  { path: "imports/:id/contacts", title: "contacts.title", show: ImportedContacts },
  { path: "groups", title: "groups.title", nav: "nav.groups", show: Groups },
  { path: "groups/new", title: "groups.new", show: NewGroup },
  { path: "groups/:id", title: "groups.title", show: GroupPage },
  { path: "groups/:id/settings", title: "groups.settings", show: GroupSettings },
  { path: "groups/:id/rules", title: "groups.rules", show: GroupRules },
  { path: "groups/:id/welcome", title: "groups.mail", show: GroupWelcome },
  { path: "groups/:id/versions", title: "groups.versions", show: GroupVersions },
  { path: "groups/:id/history", title: "groups.history", show: GroupHistory },
  { path: "catalogue", title: "catalogue.title", nav: "nav.catalogue", show: Catalogue },
  { path: "catalogue/:kind", title: "catalogue.title", show: NewEntity },
  { path: "catalogue/:kind/:id", title: "catalogue.title", show: EntityPage },
  { path: "catalogue/event/:id/door", title: "door.title", show: DoorList },
  { path: "discounts", title: "discounts.title", nav: "nav.discounts", show: Discounts },
  { path: "discounts/new/discount", title: "discounts.new", show: NewDiscount },
  { path: "discounts/:code", title: "discounts.title", show: DiscountPage },
  { path: "customers", title: "customers.title", nav: "nav.customers", show: Customers },
  { path: "customers/:email", title: "customer.title", show: Customer },
  { path: "redemptions", title: "redemptions.title", nav: "nav.redemptions", show: Redemptions },
  { path: "check", title: "check.title", nav: "nav.check", show: Check },
  { path: "settings", title: "settings.title", nav: "nav.settings", show: Settings },
  { path: "settings/tokens", title: "tokens.title", show: Tokens },
  { path: "settings/webhooks", title: "webhooks.title", show: Webhooks },
  { path: "settings/webhooks/new/webhook", title: "webhooks.new", show: NewWebhook },
  { path: "settings/webhooks/:id", title: "webhooks.title", show: WebhookPage },
];

const HOME = ["imports"];

export type Shown = { readonly screen: Screen; readonly parameters: Record<string, string> };

export function shownAt(path: readonly string[]): Shown | null {
  const target = path.length > 0 ? path : HOME;
  for (const screen of screens) {
    const parameters = matched(screen.path, target);
    if (parameters) return { screen, parameters: parameters };
  }
  return null;
}
