"""The exceptions of the domain, in one hierarchy.

`code` is for programs, `detail` is a sentence for people, and `params` are the parameters of the code's message
in any language. The API maps each class to a status; nothing here depends on HTTP.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field

Params = Mapping[str, str | int]
"""The parameters of a code's message."""


class GuestlistError(Exception):
    """Base class: an error with a code and a sentence."""

    code = "error"

    def __init__(
        self, detail: str, *, code: str | None = None, params: Params | None = None, **facts: str | int
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.facts = facts
        self.params = {**facts, **(params or {})}


class Malformed(GuestlistError):
    """The request cannot be parsed."""

    code = "malformed_json"


class Unauthenticated(GuestlistError):
    """The token is missing or unknown."""

    code = "unauthenticated"


class Forbidden(GuestlistError):
    """The token does not permit this call."""

    code = "wrong_scope"


class Unknown(GuestlistError):
    """The requested object does not exist, or belongs to another organiser."""

    code = "not_found"


class Expired(GuestlistError):
    """The requested object is past its retention."""

    code = "expired"


class Conflict(GuestlistError):
    """The current state does not allow the change; `facts` may have details, such as `remaining`."""

    code = "conflict"


class Exists(GuestlistError):
    """The object that was to be created exists already."""

    code = "exists"


class TooManyRequests(GuestlistError):
    """The rate limit is exceeded; `retry_after` is in seconds."""

    code = "too_many_requests"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, params={"retry_after": retry_after})
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A fault of a field: its path, a code, a sentence, and the parameters of the code's message."""

    field: str
    code: str
    detail: str
    params: Params = dataclass_field(default_factory=dict)


class Invalid(GuestlistError):
    """The request was parsed, and at least one field is invalid."""

    code = "invalid"

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__(
            "; ".join(
                f"{fault.field}: {fault.detail}" if fault.field else f"The body {fault.detail}" for fault in faults
            )
        )
        self.faults = tuple(faults)

    @classmethod
    def field(cls, field: str, code: str, detail: str) -> "Invalid":
        """Create the error for a single field."""
        return cls([FieldFault(field, code, detail)])


class Guessable(Invalid):
    """The requested codes could be guessed."""

    code = "guessable"


class BadCursor(Invalid):
    """The cursor was not issued for this list."""

    code = "bad_cursor"


class BadInstant(Invalid):
    """An instant can be parsed, but is not allowed here."""

    code = "bad_instant"


class Immutable(Invalid):
    """A value that cannot be changed was to be changed."""

    code = "immutable"


class ConcurrentModification(Exception):
    """A concurrent change came first, and nothing was written: read again and retry."""
