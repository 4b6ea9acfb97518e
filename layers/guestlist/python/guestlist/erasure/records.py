"""Records of imports without the address of a person; what was counted stays."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from guestlist.erasure.model import REDACTED, AddressMatcher
from guestlist.imports.model import Import


def without(record: Import, person: AddressMatcher) -> Import:
    """The record with a mark wherever it had the address, and without previewed rows that had it.

    What was to be told to that address is told to nobody in its stead.
    """
    cleared: Import = _redacted(_without_rows(record, person), person)
    if cleared.options.notify == REDACTED:
        cleared = replace(cleared, options=replace(cleared.options, notify=None))
    if cleared.consent and cleared.consent.notify == REDACTED:
        cleared = replace(cleared, consent=replace(cleared.consent, notify=None))
    return cleared


def without_values(problems: Sequence[Mapping[str, Any]], person: AddressMatcher) -> list[Any]:
    """The problems with a mark wherever they had the address."""
    return [_redacted(problem, person) for problem in problems]


def _without_rows(record: Import, person: AddressMatcher) -> Import:
    if record.preview is None:
        return record
    rows = (("",) * len(row) if any(map(person.named_in, row)) else row for row in record.preview)
    return replace(record, preview=tuple(rows))


def _redacted(value: Any, person: AddressMatcher) -> Any:
    """The value, whatever it is made of, with a mark wherever a text in it had the address."""
    if isinstance(value, str):
        return person.redacted(value)
    if isinstance(value, Mapping):
        return {_redacted(key, person): _redacted(inner, person) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_redacted(inner, person) for inner in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _redacted(getattr(value, one.name), person) for one in fields(value)})
    return value
