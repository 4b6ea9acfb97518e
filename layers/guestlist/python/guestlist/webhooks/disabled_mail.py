"""The mail to an organiser about a disabled webhook, in the organiser's language."""

from dataclasses import dataclass
from typing import Protocol

from guestlist.mail.letter import Letter, Paragraph, Steps
from guestlist.mail.model import Mail, OutboxItem
from guestlist.messages.catalogue import Translator
from guestlist.messages.language import Language
from guestlist.model.errors import Unknown
from guestlist.organisers.model import Organiser
from guestlist.webhooks.model import DisabledReason


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
        envelope, letter = organiser.envelope(self.default_sender), _letter(item, organiser.language)
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


def _letter(item: OutboxItem, language: Language) -> Letter:
    translate, webhook = Translator(language), item.facts["webhook_id"]
    return Letter(
        translate("mail.webhook", webhook=webhook),
        [
            Paragraph(translate("mail.webhook.opening", webhook=webhook, host=item.facts["host"])),
            Paragraph(translate(f"mail.webhook.{DisabledReason(item.facts['reason'])}")),
            Steps([translate(f"mail.webhook.{step}") for step in ("look", "mend", "enable")]),
        ],
        translate("mail.webhook.reference", reference=item.reference),
        language,
    )
