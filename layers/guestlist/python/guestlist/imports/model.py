"""The record of an import, and the options and states it can have."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from annotated_types import MaxLen, MinLen

from guestlist.imports.decision import Decision, Suggested
from guestlist.imports.file_options import DateOrder, HeaderRows, ItemLabels, LeaveOut, Mapped, OnQuestion
from guestlist.imports.notes import Detected, UndoResult
from guestlist.imports.previous_list import PreviousList
from guestlist.messages.message import Message
from guestlist.model.email_address import clean_email
from guestlist.model.normal_form import Cleaned


class Kind(StrEnum):
    """The kind of rows in a file."""

    TARGET_GROUP = "target_group"
    CUSTOMERS = "customers"
    TICKETS = "tickets"
    PURCHASES = "purchases"


class Mode(StrEnum):
    """The change that a target-group file makes to the list of that name."""

    CREATE = "create"
    REPLACE = "replace"
    APPEND = "append"
    REMOVE = "remove"


class OnError(StrEnum):
    """Whether a refused row is skipped or aborts the import."""

    SKIP = "skip"
    ABORT = "abort"


class WhenFull(StrEnum):
    """The action of a ticket import when the capacity of the event is reached."""

    CONTINUE = "continue"
    STOP = "stop"


class OrderGrouping(StrEnum):
    """The grouping of the tickets of one file into orders."""

    BUYER = "buyer"
    ROW = "row"
    FILE = "file"


class Status(StrEnum):
    """The state of an import; the last four are final."""

    AWAITING_UPLOAD = "awaiting_upload"
    READING = "reading"
    AWAITING_REVIEW = "awaiting_review"
    IMPORTING = "importing"
    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether the state is final."""
        return self in {Status.COMPLETE, Status.PARTIAL, Status.FAILED, Status.CANCELLED}

    @property
    def is_waiting(self) -> bool:
        """Whether the import waits for a person, until `expires_at`."""
        return self in {Status.AWAITING_UPLOAD, Status.AWAITING_REVIEW}


class Reason(StrEnum):
    """The reason why an import failed, waits for review, or was cancelled."""

    NOT_CSV = "not_csv"
    BAD_ENCODING = "bad_encoding"
    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    NO_KNOWN_COLUMN = "no_known_column"
    AMBIGUOUS_MAPPING = "ambiguous_mapping"
    UNKNOWN_EVENT = "unknown_event"
    GROUP_EXISTS = "group_exists"
    UNKNOWN_GROUP = "unknown_group"
    GROUP_EXPIRED = "group_expired"
    CONSENT_REQUIRED = "consent_required"
    ROWS_REFUSED = "rows_refused"
    NO_GOOD_ROW = "no_good_row"
    DECISION_REQUIRED = "decision_required"
    CONFIRM_REMOVALS_REQUIRED = "confirm_removals_required"
    SUPERSEDED = "superseded"
    CRASHED = "crashed"
    BAD_OPTION = "bad_option"
    FEATURE_OFF = "feature_off"


Checkpoint = Mapping[str, int | str]
"""The position from which another worker resumes an import; its keys depend on the kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of an import; None means that the value is detected or has a default.

    Without a `mode` a file creates its list, and one dropped into the bucket replaces it when it exists. With
    `all_rows` no row is left out, whatever a status column says. `items` maps names in the file to sale items.
    """

    group: Annotated[str, MinLen(1), MaxLen(200)] | None = None
    mode: Mode | None = None
    event_id: str | None = None
    when_full: WhenFull | None = None
    review: bool = False
    notify: Annotated[str, Cleaned(clean_email)] | None = None
    consent: bool = False
    on_error: OnError = OnError.SKIP
    raw: bool = False
    create_missing: bool = True
    suppress_welcome: bool = False
    confirm_removals: bool = False
    order_grouping: OrderGrouping = OrderGrouping.BUYER
    header_rows: HeaderRows | None = None
    delimiter: str | None = None
    encoding: str | None = None
    mapping: Mapping[str, Mapped] | None = None
    leave_out: LeaveOut | None = None
    all_rows: bool = False
    date_order: DateOrder | None = None
    items: ItemLabels | None = None
    on_question: OnQuestion = OnQuestion.WAIT
    publish_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The stored object that is the file of an import; `size` in bytes.

    Versions of one key are ordered by time and, within a millisecond, by the sequencer of the bucket's event.
    """

    key: str
    version_id: str
    size: int
    modified: datetime
    sequencer: str = ""
    dropped: bool = False

    def is_newer_than(self, other: "Source") -> bool:
        """Whether this is a later version of the same object."""
        return self.key == other.key and (self.modified, self.sequencer) > (other.modified, other.sequencer)


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of non-blank rows, without the header.

    `left_out` rows are sales that were cancelled or never completed; `repeated` rows say the same as an earlier
    one. During a review `imported` is 0 and `would_import` is the number of rows that would be imported.
    """

    total: int = 0
    imported: int = 0
    refused: int = 0
    left_out: int = 0
    repeated: int = 0
    would_import: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The statement that the people in the file agreed to be contacted: by whom, and when."""

    by: str
    at: datetime
    notify: str | None = None


@dataclass(frozen=True, slots=True)
class LostMembership:
    """A membership that a file ends: the member's address and the name of the group."""

    email: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """The record of one import.

    `due_at` is the instant at which a timer checks the import: the end of its wait, or the end of the worker's
    lease; None once nothing is left to do. `told` is whether the mail that it waits for review was queued.
    `worker` is the id of the attempt that has the lease. `revision` grows by one with each change.
    `preview_lines` are the line numbers of the rows of `preview`. `undoing` is when an undo by a worker was
    requested, until it is `undone`; `undone_by` is who requested it.
    `detail_messages` explain why it failed, waits or was not undone; `detail` is text of an operator or an old version.
    """

    organiser_id: str
    import_id: str
    kind: Kind
    file_name: str
    options: Options
    created_at: datetime
    created_by: str
    expires_at: datetime
    status: Status = Status.AWAITING_UPLOAD
    reason: Reason | None = None
    detail: str | None = None
    detail_messages: tuple[Message, ...] = ()
    source: Source | None = None
    group_id: str | None = None
    group_name: str | None = None
    event_id: str | None = None
    finished_at: datetime | None = None
    progress: float = 0.0
    detected: Detected | None = None
    preview: tuple[tuple[str, ...], ...] | None = None
    preview_lines: tuple[int, ...] | None = None
    counts: Counts = field(default_factory=Counts)
    tickets: Mapping[str, int] | None = None
    contacts: Mapping[str, int] | None = None
    effect: Mapping[str, int] | None = None
    losses: Mapping[str, int] | None = None
    lost_memberships: tuple[LostMembership, ...] | None = None
    decisions: tuple[Decision, ...] = ()
    suggested: Suggested | None = None
    refused_file: bool = False
    consent: Consent | None = None
    version_id: str | None = None
    former: PreviousList | None = None
    undoing: datetime | None = None
    undone: UndoResult | None = None
    undone_by: str | None = None
    confirmed: bool = False
    told: bool = False
    worker: str | None = None
    checkpoint: Checkpoint | None = None
    attempts: int = 0
    staged_revision: int = 0
    due_at: datetime | None = None
    revision: int = 0

    def at(self, now: datetime) -> "Import":
        """The record as of `now`: an expired wait counts as cancelled, whether or not the timer ran."""
        if not self.status.is_waiting or now < self.expires_at:
            return self._with_forecast()
        return replace(self.without_effect(), status=Status.CANCELLED, finished_at=self.expires_at, due_at=None)

    def without_effect(self) -> "Import":
        """The record without the counts and effects that a review computed: nothing was imported."""
        counts = replace(self.counts, imported=0, would_import=None)
        cleared = dict.fromkeys(("tickets", "contacts", "effect", "losses", "lost_memberships", "suggested"))
        return replace(self, counts=counts, decisions=(), **cleared)  # type: ignore[arg-type]

    def _with_forecast(self) -> "Import":
        """The record, corrected where an earlier release counted rows under review as imported."""
        if self.status is not Status.AWAITING_REVIEW or not self.counts.imported:
            return self
        return replace(self, counts=replace(self.counts, imported=0, would_import=self.counts.imported))

    @property
    def scheduled_for(self) -> datetime | None:
        """The instant at which the list becomes current; None if that was when the import finished."""
        at = self.options.publish_at
        return at if at and self.finished_at and self.finished_at < at else None

    @property
    def staged_version(self) -> str:
        """The id of the version that this start of the import writes: a late request of another start spares it."""
        return f"{self.import_id}.{self.attempts}" + (f".{self.staged_revision}" if self.staged_revision else "")

    @property
    def undo_actor(self) -> str:
        """The actor of the undo: who requested it, else who created the import."""
        return self.undone_by or self.created_by

    @property
    def dropped(self) -> bool:
        """Whether the file was dropped into the bucket."""
        return self.source is not None and self.source.dropped

    @property
    def sends_mail(self) -> bool:
        """Whether the end of this import is mailed: not if its file never arrived."""
        return self.source is not None


def import_id_of(version_id: str) -> str:
    """The id of the import that wrote a version."""
    return version_id.partition(".")[0]
