"""The request for an import, and the correction of its options after a review."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any

from annotated_types import Interval, MaxLen, MinLen

from guestlist.imports.file_options import DateOrder, HeaderRows, ItemLabels, LeaveOut, is_delimiter
from guestlist.imports.model import Kind, Options
from guestlist.model.email_address import MailableEmail
from guestlist.model.ids import Id
from guestlist.model.normal_form import Predicate

# Stored records may exceed these limits, which came later; so requests have them and `Options` has not.
Delimiter = Annotated[str, MaxLen(20), Predicate(is_delimiter)]
EncodingName = Annotated[str, MaxLen(40)]
Column = Annotated[str, MaxLen(1_000)] | Annotated[int, Interval(ge=0, le=100_000)]
Columns = Annotated[tuple[Column, ...], MinLen(1), MaxLen(3)]
ColumnMapping = Annotated[Mapping[Annotated[str, MaxLen(100)], Column | Columns], MaxLen(50)]

UNSET: Any = object()
"""The value of an option that was not sent, where null has a meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest(Options):
    """The request for an import before its file is sent: kind, file name and options.

    A `leave_out` of null takes all rows.
    """

    kind: Kind
    file_name: Annotated[str, MinLen(1), MaxLen(255)]
    event_id: Id | None = None
    notify: MailableEmail | None = None
    delimiter: Delimiter | None = None
    encoding: EncodingName | None = None
    mapping: ColumnMapping | None = None
    leave_out: LeaveOut | None = UNSET

    @property
    def options(self) -> Options:
        """The options alone, without kind and file name."""
        values = {field.name: getattr(self, field.name) for field in fields(Options)}
        return Options(**{**values, **leave_out_options(self.leave_out)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Corrections of the options after a review; None leaves an option as it was.

    With `review` the corrected file is only read again, for another review. A `leave_out` of null takes all
    rows; without one, the status column decides.
    """

    mapping: ColumnMapping | None = None
    header_rows: HeaderRows | None = None
    delimiter: Delimiter | None = None
    encoding: EncodingName | None = None
    leave_out: LeaveOut | None = UNSET
    date_order: DateOrder | None = None
    items: ItemLabels | None = None
    consent: bool | None = None
    confirm_removals: bool | None = None
    review: bool | None = None

    def applied(self, options: Options) -> Options:
        """The options with the corrections applied."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "leave_out"}
        corrections = {name: value for name, value in values.items() if value is not None}
        return replace(options, **corrections, **({} if self.leave_out is UNSET else leave_out_options(self.leave_out)))


def leave_out_options(leave_out: Any) -> dict[str, Any]:
    """The options for a `leave_out` as it was sent: a value, null to take all rows, or UNSET."""
    if leave_out is UNSET:
        return {"leave_out": None}
    return {"leave_out": leave_out, "all_rows": leave_out is None}
