"""What an organiser says of a file before it comes, and after it was looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Annotated

from annotated_types import Interval, MaxLen, MinLen

from guestlist.imports.file_options import DateOrder, LeaveOut
from guestlist.imports.model import HeaderRows, Kind, Options
from guestlist.model.email_address import Email
from guestlist.model.ids import Id

# Records are kept with what was said before there were limits, so that these stand here and not at `Options`.
Delimiter = Annotated[str, MaxLen(20)]
EncodingName = Annotated[str, MaxLen(40)]
ColumnMapping = Annotated[
    Mapping[Annotated[str, MaxLen(100)], Annotated[str, MaxLen(1_000)] | Annotated[int, Interval(ge=0, le=100_000)]],
    MaxLen(50),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest(Options):
    """What an organiser asks for before sending a file: its kind, its name, and what is known of it."""

    kind: Kind
    file_name: Annotated[str, MinLen(1), MaxLen(255)]
    event_id: Id | None = None
    notify: Email | None = None
    delimiter: Delimiter | None = None
    encoding: EncodingName | None = None
    mapping: ColumnMapping | None = None

    @property
    def options(self) -> Options:
        """What was said about the file, without its kind and name."""
        return Options(**{field.name: getattr(self, field.name) for field in fields(Options)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an organiser says after the review; None leaves a thing as it was.

    With `review` the file is only read anew, as corrected, and waits to be confirmed again.
    """

    mapping: ColumnMapping | None = None
    header_rows: HeaderRows | None = None
    delimiter: Delimiter | None = None
    encoding: EncodingName | None = None
    leave_out: LeaveOut | None = None
    date_order: DateOrder | None = None
    consent: bool | None = None
    confirm_removals: bool | None = None
    review: bool | None = None

    def applied(self, options: Options) -> Options:
        """The options with what was corrected."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(options, **{name: value for name, value in said.items() if value is not None})
