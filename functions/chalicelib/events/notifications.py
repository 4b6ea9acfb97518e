"""Notifications of SES about sent mails: addresses with permanent bounces or complaints are suppressed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from aws_lambda_powertools.utilities.data_classes import SNSEvent
from aws_lambda_powertools.utilities.typing import LambdaContext
from chalice.app import Blueprint
from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError, with_config
from pydantic.alias_generators import to_camel

from chalicelib.events.handler import count, instrument, logger
from guestlist.aws.ses import organiser_of
from guestlist.aws.table import table
from guestlist.erasure.store import Erasures
from guestlist.mail.suppressions import Suppressions
from guestlist.model import clock
from guestlist.model.email_address import clean_email, email_spellings

blueprint = Blueprint(__name__)
_in_camel_case = with_config(ConfigDict(alias_generator=to_camel))


@_in_camel_case
@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A recipient of a mail."""

    email_address: str


@_in_camel_case
@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A bounced mail; only after a permanent bounce is the address suppressed."""

    bounce_type: str
    bounced_recipients: tuple[Recipient, ...]


@_in_camel_case
@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A mail that its recipient reported; `not-spam` withdraws a report."""

    complained_recipients: tuple[Recipient, ...]
    complaint_feedback_type: str | None = None


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags that we gave the mail."""

    organiser: tuple[Annotated[str, AfterValidator(organiser_of)]]


@dataclass(frozen=True, slots=True)
class NotifiedMail:
    """The mail that a notification is about."""

    tags: Tags


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notification about a sent mail."""

    mail: NotifiedMail
    bounce: Bounce | None = None
    complaint: Complaint | None = None

    @property
    def suppressions(self) -> Iterator[tuple[str, str]]:
        """The addresses to be suppressed, each with the reason."""
        if self.bounce and self.bounce.bounce_type == "Permanent":
            yield from ((recipient.email_address, "bounce") for recipient in self.bounce.bounced_recipients)
        if self.complaint and self.complaint.complaint_feedback_type != "not-spam":
            yield from ((recipient.email_address, "complaint") for recipient in self.complaint.complained_recipients)


# The template subscribes it to the topic with a resource of its own: the local engine lacks SAM's SNS event.
@blueprint.lambda_function(name="note_bounces")
@instrument
def note_bounces(event: dict[str, Any], _context: LambdaContext) -> None:
    """Suppress the addresses in the notifications, for the organiser whose mail it was."""
    for record in SNSEvent(event).records:
        _note(record.sns.message)


def _note(message: str) -> None:
    try:
        notice = _notices().validate_json(message)
    except ValidationError as error:
        # Such as SES's test message to a new topic; a retry would not help.
        logger.warning("not a notification about a mail of ours", faults=[fault["type"] for fault in error.errors()])
        return
    (org,) = notice.mail.tags.organiser
    for address, why in notice.suppressions:
        erased = any(_erasures().proof(org, form) for form in email_spellings(clean_email(address)))
        _suppressions().add_suppression(org, address, why, clock.now(), keep_address=not erased)
        count(f"Mail{why.title()}")
        logger.info("suppressed", organiser=org, why=why)


@cache
def _notices() -> TypeAdapter[Notice]:
    return TypeAdapter(Notice)


@cache
def _erasures() -> Erasures:
    return Erasures(table())


@cache
def _suppressions() -> Suppressions:
    return Suppressions(table())
