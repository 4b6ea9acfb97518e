"""Webhooks in the table: one item with all webhooks of an organiser."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from guestlist.aws import conditions, webhook_keys
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.mail.model import MailKind
from guestlist.mail.outbox import pending_mail_write
from guestlist.model.errors import ConcurrentModification
from guestlist.webhooks.model import DisabledReason, Webhook, Webhooks

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class WebhookItems:
    """The webhooks of all organisers."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get_webhooks(self, org: str) -> Webhooks:
        """The organiser's current webhooks."""
        item = self._table.get(webhook_keys.webhooks(org))
        if item is None:
            return Webhooks()
        webhooks = _adapter().validate_json(item["webhooks"])
        return Webhooks(item["revision"], {webhook.webhook_id: webhook for webhook in webhooks})

    def save_webhooks(self, org: str, webhooks: Webhooks, *writes: Write) -> None:
        """Save the next revision, in one transaction with other writes. Raises `ConcurrentModification`."""
        item = {
            **webhook_keys.webhooks(org)._asdict(),
            "revision": webhooks.revision,
            "webhooks": _adapter().dump_json(list(webhooks.webhooks.values()), exclude_defaults=True).decode(),
        }
        previous_revision = webhooks.revision - 1
        unchanged = conditions.equals("revision", previous_revision) if previous_revision else conditions.absent()
        try:
            self._table.transact(Write(put=item, when=unchanged), *writes)
        except ConditionFailed as error:
            raise ConcurrentModification from error

    def disable(self, org: str, webhooks: Webhooks, webhook: Webhook) -> None:
        """Save the next revision, and a pending mail about this webhook. Raises `ConcurrentModification`."""
        at = webhook.disabled_at or webhook.created_at
        facts = {
            "webhook_id": webhook.webhook_id,
            "host": urlsplit(webhook.url).hostname or "",
            "reason": (webhook.disabled_reason or DisabledReason.FAILING).value,
        }
        reference = f"{webhook.webhook_id}-{at:%Y%m%d%H%M%S%f}"
        self.save_webhooks(org, webhooks, pending_mail_write(org, MailKind.WEBHOOK, reference, at, facts=facts))


@cache
def _adapter() -> "TypeAdapter[Sequence[Webhook]]":
    from pydantic import TypeAdapter

    return TypeAdapter(Sequence[Webhook])
