"""The mail to an organiser about a disabled webhook."""

from dataclasses import dataclass
from typing import Protocol

from guestlist.mail.letter import Letter, Paragraph, Steps
from guestlist.mail.model import Mail, OutboxItem
from guestlist.model.errors import Unknown
from guestlist.organisers.model import Organiser
from guestlist.webhooks.model import DisabledReason

_WHY = {
    DisabledReason.GONE: "It answered 410 Gone, which asks for no more deliveries.",
    DisabledReason.FAILING: "It has accepted no delivery for three days.",
}


class Organisers(Protocol):
    """The organisers' settings."""

    def get_organiser(self, org: str) -> Organiser:
        """The organiser's settings. Raises `errors.Unknown`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMails:
    """Composes mails about disabled webhooks."""

    organisers: Organisers
    default_sender: str

    def compose(self, item: OutboxItem) -> Mail | None:
        """Compose a pending mail; None if there is no recipient."""
        try:
            organiser = self.organisers.get_organiser(item.organiser_id)
        except Unknown:
            return None
        if not organiser.notify_email:
            return None
        envelope, letter = organiser.envelope(self.default_sender), _letter(item)
        return Mail(
            organiser_id=item.organiser_id,
            kind=item.kind,
            reference=item.reference,
            to=organiser.notify_email,
            sender=envelope.sender,
            reply_to=envelope.reply_to,
            subject=letter.title,
            text=letter.text,
            html=letter.html,
        )


def _letter(item: OutboxItem) -> Letter:
    webhook_id, host = item.facts["webhook_id"], item.facts["host"]
    return Letter(
        f"Webhook disabled: {webhook_id}",
        [
            Paragraph(f"The webhook {webhook_id}, which delivers to {host}, was disabled."),
            Paragraph(_WHY[DisabledReason(item.facts["reason"])]),
            Steps(
                [
                    "Look at its deliveries to see what was answered.",
                    "Mend the receiver, or change the webhook's URL.",
                    "Enable the webhook again; events that happen until then are not delivered.",
                ]
            ),
        ],
        f"Reference: {item.reference}",
    )
