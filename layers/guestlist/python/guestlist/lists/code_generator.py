"""Generate random codes with a check character, hard to guess, misread or mistype."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Interval, MaxLen, MinLen

from guestlist.imports.reading.excel import is_error
from guestlist.imports.reading.quantities import MAX_QUANTITY
from guestlist.lists.entry import code_key
from guestlist.model.csv_lines import ENTRY_COLUMNS
from guestlist.model.email_address import Email
from guestlist.model.errors import FieldFault, Guessable, Invalid
from guestlist.model.normal_form import Predicate, normal

ALPHABET = "346789ACDFGHJKMNPRTUWXY"
"""23 letters and digits that are not easily confused; without E, so that no code reads as a number like 1E5."""
MAX_CODES = 100_000
MIN_POSSIBLE_PER_CODE = 1_000_000
"""Number of possible codes that is required for each generated one."""
_CHECK_MULTIPLIER = 5
_PREFIX = re.compile(r"[A-Za-z0-9_-]*")


def is_prefix(text: str) -> bool:
    """Whether the text is a valid prefix of codes: letters A to Z, digits, - and _."""
    return _PREFIX.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesRequest:
    """The request to generate `count` codes or, with `emails`, a personal code for each address.

    `length` is the number of characters after the prefix; the last one is the check character.
    """

    count: Annotated[int, Interval(ge=1, le=MAX_CODES)] | None = None
    prefix: Annotated[str, MaxLen(20), Predicate(is_prefix)] = ""
    length: Annotated[int, Interval(ge=8, le=32)] = 10
    quantity: Annotated[int, Interval(ge=1, le=MAX_QUANTITY)] = 1
    category: Annotated[str, MaxLen(200)] | None = None
    seat: Annotated[str, MaxLen(200)] | None = None
    emails: Annotated[tuple[Email, ...], MinLen(1), MaxLen(MAX_CODES)] | None = None

    def __post_init__(self) -> None:
        if self.emails is None and self.count is None:
            raise Invalid.field("count", "missing")
        if self.emails is not None and self.count not in {None, len(self.emails)}:
            raise Invalid.field("count", "invalid.count")
        for field in ("prefix", "category", "seat"):
            text = normal(getattr(self, field) or "")
            if not text.isprintable() or is_error(text):
                raise Invalid.field(field, "invalid.text")

    @property
    def number(self) -> int:
        """The number of codes to generate."""
        return len(self.emails) if self.emails is not None else self.count or 0

    def require_unguessable(self) -> None:
        """Raise `Guessable` when too few codes are possible for so many."""
        if len(ALPHABET) ** (self.length - 1) < MIN_POSSIBLE_PER_CODE * self.number:
            raise Guessable([FieldFault("length", "guessable")])

    def rows(self, codes: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The rows of a file with these codes, header first, in the format of an export."""
        yield ENTRY_COLUMNS
        for code, email in zip(codes, self.emails or [""] * len(codes), strict=True):
            yield code, email, self.category or "", self.seat or "", str(self.quantity), "0", "0"


def generate_codes(
    request: CodesRequest, keys_in_use: Callable[[Collection[str]], Collection[str]], random_below: Callable[[int], int]
) -> list[str]:
    """Generate as many distinct codes as requested; `keys_in_use` returns those of the given keys that are in use.

    `random_below(n)` returns an unpredictable integer from 0 to n - 1.
    """
    codes_by_key: dict[str, str] = {}
    while len(codes_by_key) < request.number:
        new_codes = {
            code_key(code): code for code in _random_codes(request, request.number - len(codes_by_key), random_below)
        }
        new_codes = {key: code for key, code in new_codes.items() if key not in codes_by_key}
        taken_keys = set(keys_in_use(new_codes.keys()))
        codes_by_key |= {key: code for key, code in new_codes.items() if key not in taken_keys}
    return list(codes_by_key.values())


def _random_codes(request: CodesRequest, number: int, random_below: Callable[[int], int]) -> Iterable[str]:
    size, base = request.length - 1, len(ALPHABET)
    for _ in range(number):
        value, letters = random_below(base**size), ""
        for _ in range(size):
            value, digit = divmod(value, base)
            letters += ALPHABET[digit]
        yield f"{request.prefix}{letters}{_check_character(letters)}"


def _check_character(letters: str) -> str:
    return ALPHABET[-_CHECK_MULTIPLIER * _weighted_sum(letters) % len(ALPHABET)]


def _weighted_sum(letters: str) -> int:
    total = 0
    for letter in letters:
        total = (_CHECK_MULTIPLIER * total + ALPHABET.index(letter)) % len(ALPHABET)
    return total
