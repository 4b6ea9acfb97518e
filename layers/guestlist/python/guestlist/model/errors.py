"""What a caller can do wrong, or meet: one tree, with the data on the object.

`code` is the word a program reads, `detail` the sentence a person reads, `params` what fills the message of
that code word in any language. The way in turns each class into a status; nothing here knows of HTTP.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field

Params = Mapping[str, str | int]
"""What fills the message of a code word."""


class GuestlistError(Exception):
    """Anything that is answered with a code word and a sentence."""

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
    """The request cannot be read at all."""

    code = "malformed_json"


class Unauthenticated(GuestlistError):
    """No token, or one that nobody knows."""

    code = "unauthenticated"


class Forbidden(GuestlistError):
    """The token is known, but this is not for it."""

    code = "wrong_scope"


class Unknown(GuestlistError):
    """What is asked for does not exist, or is another organiser's."""

    code = "not_found"


class Expired(GuestlistError):
    """What is asked for was kept for a time, which is over."""

    code = "expired"


class Conflict(GuestlistError):
    """The state of things does not allow it; `facts` may say more, such as `remaining`."""

    code = "conflict"


class Exists(GuestlistError):
    """What was to be made only if it is new stands already."""

    code = "exists"


class TooManyRequests(GuestlistError):
    """Asked too often; `retry_after` is in seconds."""

    code = "too_many_requests"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, params={"retry_after": retry_after})
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing wrong in a body: which field, a code word, a sentence, and what fills the message of the word."""

    field: str
    code: str
    detail: str
    params: Params = dataclass_field(default_factory=dict)


class Invalid(GuestlistError):
    """The body was read, and at least one field of it cannot be."""

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
        """One fault of one field."""
        return cls([FieldFault(field, code, detail)])


class Guessable(Invalid):
    """Codes were asked for that could be guessed."""

    code = "guessable"


class BadCursor(Invalid):
    """The place in a list is none that the list gave."""

    code = "bad_cursor"


class BadInstant(Invalid):
    """An instant can be read, and is none that can be used here."""

    code = "bad_instant"


class Immutable(Invalid):
    """What is set once and for all was to be changed."""

    code = "immutable"


class ConcurrentModification(Exception):
    """Another change came first and nothing was written: read again and decide again."""
