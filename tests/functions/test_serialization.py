"""Serialization of responses: own types, and JSON like the standard library's."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web.serialization import to_json


class Colour(StrEnum):
    RED = "red"


class Level(Enum):
    ITEM = "item"


class Pair(NamedTuple):
    left: int
    right: str


@dataclass(frozen=True)
class Noun:
    name: str
    price: float | None = None
    seat: str | None = None


AT = datetime(2026, 11, 21, 20, 0, 1, 250_000, timezone(timedelta(hours=1)))
CASES: dict[str, tuple[Any, Any]] = {
    "an enum as a value": ([Colour.RED, Level.ITEM], ["red", "item"]),
    "an enum as a key": ({Colour.RED: 1}, {"red": 1}),
    "a timestamp in UTC": (AT, "2026-11-21T19:00:01.250000Z"),
    "a date": (date(2026, 11, 21), "2026-11-21"),
    "a named tuple as a list": (Pair(1, "x"), [1, "x"]),
    "a read-only mapping": (MappingProxyType({"a": frozenset({1})}), {"a": [1]}),
    "dataclasses in lists": ([Noun("a"), Noun("b", 2.5)], [{"name": "a", "price": None}, {"name": "b", "price": 2.5}]),
    "one dataclass twice": ([one := Noun("a", seat="1"), one], [{"name": "a", "price": None, "seat": "1"}] * 2),
}


@pytest.mark.parametrize(("answer", "expected"), CASES.values(), ids=CASES)
def test_a_response_is_serialized_as_the_contract_says(answer: Any, expected: Any) -> None:
    assert json.loads(to_json(answer, frozenset({"seat"}))) == expected


def test_text_is_serialized_without_escapes() -> None:
    assert to_json({"name": "Zoë “Ø” \u2028 \x00"}) == '{"name":"Zoë “Ø” \u2028 \\u0000"}'


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda part: st.lists(part) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), part),
)


@given(JSON)
def test_json_values_are_restored(value: Any) -> None:
    assert json.loads(to_json(value)) == value


def test_a_timestamp_without_microseconds_has_none() -> None:
    assert to_json(datetime(2026, 11, 21, 20, 0, tzinfo=UTC)) == '"2026-11-21T20:00:00Z"'
