"""Removal of a person's address from import records; counts stay."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from guestlist.erasure.model import REDACTED, AddressMatcher
from guestlist.imports.model import Import


def without_person(record: Import, person: AddressMatcher) -> Import:
    """The record with the address redacted, and without previewed rows that contained it.

    A notification to that address is dropped.
    """
    redacted: Import = redact_texts(_without_preview_rows(record, person), person)
    if redacted.options.notify == REDACTED:
        redacted = replace(redacted, options=replace(redacted.options, notify=None))
    if redacted.consent and redacted.consent.notify == REDACTED:
        redacted = replace(redacted, consent=replace(redacted.consent, notify=None))
    return redacted


def _without_preview_rows(record: Import, person: AddressMatcher) -> Import:
    if record.preview is None:
        return record
    rows = (("",) * len(row) if any(map(person.matches, row)) else row for row in record.preview)
    return replace(record, preview=tuple(rows))


def redact_texts(value: Any, person: AddressMatcher) -> Any:
    """The value, of any structure, with the address redacted in all texts."""
    if isinstance(value, str):
        return person.redact(value)
    if isinstance(value, Mapping):
        return {redact_texts(key, person): redact_texts(inner, person) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(redact_texts(inner, person) for inner in value)
    if is_dataclass(value) and not isinstance(value, type):
        values = {field.name: redact_texts(getattr(value, field.name), person) for field in fields(value)}
        return replace(value, **values)
    return value
