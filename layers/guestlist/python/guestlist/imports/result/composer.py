"""Composition of queued result mails, from the import's record at the time of sending."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from guestlist.imports.model import Import, Status
from guestlist.imports.problem_record import ProblemRecord
from guestlist.imports.result.mail import result_mail
from guestlist.mail.model import Mail, MailKind, OutboxItem
from guestlist.model.errors import Unknown
from guestlist.organisers.model import Organiser


class Records(Protocol):
    """The import records and their problems."""

    def get_import(self, org: str, import_id: str) -> Import:
        """The record as it is now. Raises `errors.Unknown`."""

    def problems(self, org: str, import_id: str) -> Sequence[ProblemRecord]:
        """The first problems of its file."""


class Organisers(Protocol):
    """The organisers' settings."""

    def get_organiser(self, org: str) -> Organiser:
        """The organiser's settings. Raises `errors.Unknown`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultMails:
    """Composes result mails. `event_name` returns None for an unknown event."""

    imports: Records
    organisers: Organisers
    event_name: Callable[[str, str], str | None]
    default_sender: str
    address: str = ""

    def compose(self, item: OutboxItem) -> Mail | None:
        """The queued mail; None if the import does not exist, has not ended, or has no recipient.

        A mail that asks for a review is None, too, when the import no longer waits for one.
        """
        org = item.organiser_id
        try:
            record, organiser = self.imports.get_import(org, item.reference), self.organisers.get_organiser(org)
        except Unknown:
            return None
        is_due = record.status is Status.AWAITING_REVIEW if item.kind is MailKind.WAITING else record.status.ended
        if not is_due:
            return None
        return result_mail(
            record,
            self.imports.problems(org, record.import_id),
            organiser,
            default_sender=self.default_sender,
            event_name=self.event_name(org, record.event_id) if record.event_id else None,
            address=self.address,
        )
