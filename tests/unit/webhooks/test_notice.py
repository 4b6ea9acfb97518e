"""The mail about a disabled webhook, in the organiser's language."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from guestlist.mail.model import Mail, MailKind, OutboxItem
from guestlist.messages.language import Language
from guestlist.organisers.model import Organiser
from guestlist.webhooks.disabled_mail import WebhookMails


@dataclass(frozen=True)
class Settings:
    """The settings of the one organiser."""

    language: Language

    def get_organiser(self, org: str) -> Organiser:
        return Organiser(organiser_id=org, name="Demo", notify_email="team@demo.example", language=self.language)


def mail(language: Language, reason: str) -> Mail:
    facts = {"webhook_id": "crm", "host": "crm.example", "reason": reason}
    at = datetime(2026, 12, 1, tzinfo=UTC)
    item = OutboxItem(organiser_id="demo", kind=MailKind.WEBHOOK, reference="ref-1", owed_at=at, facts=facts)
    webhook_mail = WebhookMails(organisers=Settings(language), default_sender="tickets@example.com").compose(item)
    assert webhook_mail
    return webhook_mail


@pytest.mark.parametrize(
    ("language", "reason", "subject", "sentences"),
    [
        ("en", "gone", "Webhook disabled: crm", ["delivers to crm.example", "410 Gone", "Enable the webhook again"]),
        ("en", "failing", "Webhook disabled: crm", ["no delivery for three days", "Reference: ref-1"]),
        ("nl", "gone", "Webhook uitgeschakeld: crm", ["bezorgt bij crm.example", "410 Gone", "Kenmerk: ref-1"]),
        ("da", "failing", "Webhook slået fra: crm", ["leverer til crm.example", "levering i tre dage"]),
    ],
)
def test_the_mail_says_which_webhook_was_disabled_why_and_what_to_do(
    language: Language, reason: str, subject: str, sentences: list[str]
) -> None:
    webhook_mail = mail(language, reason)
    assert webhook_mail.subject == subject
    assert f'lang="{language}"' in webhook_mail.html
    text = " ".join(webhook_mail.text.split())
    assert [sentence for sentence in sentences if sentence not in text] == []
    assert "{" not in text
