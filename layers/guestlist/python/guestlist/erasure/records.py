"""Removal of a person's address from import records; counts stay."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from guestlist.erasure.model import REDACTED, AddressMatcher
from guestlist.imports.model import Import
from guestlist.imports.problem_record import ProblemRecord


def without(record: Import, person: AddressMatcher) -> Import:
    """The record with the address replaced by a mark, and without previewed rows that contained it.

    A notification to that address is dropped.
    """
    cleared: Import = _redacted(_without_rows(record, person), person)
    if cleared.options.notify == REDACTED:
        cleared = replace(cleared, options=replace(cleared.options, notify=None))
    if cleared.consent and cleared.consent.notify == REDACTED:
        cleared = replace(cleared, consent=replace(cleared.consent, notify=None))
    return cleared


def without_values(problems: Sequence[ProblemRecord], person: AddressMatcher) -> list[ProblemRecord]:
    """The problems with the address replaced by a mark."""
    return [_redacted(problem, person) for problem in problems]


def _without_rows(record: Import, person: AddressMatcher) -> Import:
    if record.preview is None:
        return record
    rows = (("",) * len(row) if any(map(person.matches, row)) else row for row in record.preview)
    return replace(record, preview=tuple(rows))


def _redacted(value: Any, person: AddressMatcher) -> Any:
    """The value, of any structure, with the address replaced by a mark in all texts."""
    if isinstance(value, str):
        return person.redact(value)
    if isinstance(value, Mapping):
        return {_redacted(key, person): _redacted(inner, person) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_redacted(inner, person) for inner in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _redacted(getattr(value, one.name), person) for one in fields(value)})
    return value
