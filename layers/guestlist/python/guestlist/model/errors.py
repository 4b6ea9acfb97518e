"""The exceptions of the domain, in one hierarchy.

An error names a message of the catalogue and has its parameters; the sentence is rendered where it is shown. A name is
a code word, followed by a reason where one code word has several messages: `not_found.event`. The API maps each class
to a status; nothing here depends on HTTP or on a language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Params = Mapping[str, str | int]
"""The parameters of a message, with the reason of its name as `reason`."""


class GuestlistError(Exception):
    """Base class: an error with a code word and parameters; `facts` are those that programs act on."""

    def __init__(self, message: str, facts: Mapping[str, int] | None = None, /, **params: str | int) -> None:
        super().__init__(message)
        self.facts = facts or {}
        self.code, self.params = _code_and_params(message, {**self.facts, **params})


def _code_and_params(message: str, params: Params) -> tuple[str, Params]:
    """The code word and the parameters of a message."""
    code, _, reason = message.partition(".")
    return code, {**params, "reason": reason} if reason else params


class Malformed(GuestlistError):
    """The request cannot be parsed."""


class Unauthenticated(GuestlistError):
    """The token is missing or unknown."""


class Forbidden(GuestlistError):
    """The token does not permit this call."""


class Unknown(GuestlistError):
    """The requested object does not exist, or belongs to another organiser."""


class Expired(GuestlistError):
    """The requested object is past its retention."""


class Conflict(GuestlistError):
    """The current state does not allow the change; `facts` may have details, such as `remaining`."""


class Exists(GuestlistError):
    """The object that was to be created exists already."""


class TooManyRequests(GuestlistError):
    """The rate limit is exceeded; `retry_after` is in seconds."""

    def __init__(self, message: str, /, *, retry_after: int) -> None:
        super().__init__(message, retry_after=retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, init=False)
class FieldFault:
    """A fault of a field: its path, a code word, and the parameters of its message."""

    field: str
    code: str
    params: Params

    def __init__(self, field: str, message: str, /, **params: str | int) -> None:
        code, message_params = _code_and_params(message, params)
        for name, value in (("field", field), ("code", code), ("params", message_params)):
            object.__setattr__(self, name, value)

    def below(self, path: str) -> "FieldFault":
        """The same fault, of a field of the object at this path."""
        return FieldFault(f"{path}.{self.field}" if path else self.field, self.code, **self.params)


class Invalid(GuestlistError):
    """The request was parsed, and at least one field is invalid."""

    code = "invalid"

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__(self.code)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "; ".join(f"{fault.field}: {fault.code}" for fault in self.faults)

    @classmethod
    def field(cls, field: str, message: str, /, **params: str | int) -> "Invalid":
        """Create the error for a single field."""
        return cls([FieldFault(field, message, **params)])


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
