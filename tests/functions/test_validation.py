"""Validation of bodies: the conversion of JSON to types, and its errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Ge, Gt, Interval, Le, Len, Lt, MaxLen, MinLen
from typing_extensions import TypedDict

from chalicelib.web.dispatch import query_value
from chalicelib.web.validation import read
from guestlist.messages.problems import fault_sentence
from guestlist.model.email_address import Email, EmailInUse
from guestlist.model.errors import Invalid
from guestlist.model.ids import Id


class Colour(StrEnum):
    """Any enumeration."""

    RED = "red"


@dataclass(frozen=True)
class Inner:
    """An object in an object."""

    number: Annotated[int, Interval(ge=1, le=9)]


@dataclass(frozen=True)
class Tree:
    """An object that may hold its own kind."""

    rules: "tuple[Tree | Inner, ...]"


@dataclass(frozen=True)
class Careful:
    """An object that looks at its fields together."""

    low: int = 0
    high: int = 0

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise Invalid.field("high", "out_of_range")


class Changes(TypedDict, total=False):
    """Fields of which any may be absent."""

    name: str


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (str, "é", "é"),
        (bool, False, False),
        (int, 7, 7),
        (int, 7.0, 7),
        (float, 7, 7.0),
        (float, 0.5, 0.5),
        (str | None, None, None),
        (date, "2026-12-01", date(2026, 12, 1)),
        (datetime, "2026-12-01T20:00:00Z", datetime(2026, 12, 1, 20, tzinfo=UTC)),
        (datetime, "2026-12-01t20:00:00.5+02:00", datetime(2026, 12, 1, 18, 0, 0, 500_000, tzinfo=UTC)),
        (date | datetime, "2026-12-01", date(2026, 12, 1)),
        (Colour, "red", Colour.RED),
        (Literal["a", "b"], "b", "b"),
        (tuple[int, ...], [1, 2], (1, 2)),
        (Mapping[str, str | int], {"Code": 0, "Email": "Mail"}, {"Code": 0, "Email": "Mail"}),
        (Inner, {"number": 1}, Inner(1)),
        (Tree, {"rules": [{"rules": []}, {"number": 2}]}, Tree((Tree(()), Inner(2)))),
        (Changes, {"name": "x"}, {"name": "x"}),
        (object, {"any": ["thing"]}, {"any": ["thing"]}),
        (Email, "Mail@Company.Net", "Mail@Company.Net"),
        (Id, "a.B_9~-", "a.B_9~-"),
    ],
)
def test_a_valid_value_is_converted_to_its_type(kind: Any, value: Any, expected: Any):
    result = read(kind, value)
    assert (type(result), result) == (type(expected), expected)


@pytest.mark.parametrize(
    ("kind", "value", "field", "code"),
    [
        (str, 1, "", "wrong_type"),
        (str, "\ud800", "", "bad_text"),
        (bool, 1, "", "wrong_type"),
        (int, True, "", "wrong_type"),
        (int, 7.5, "", "wrong_type"),
        (int, "7", "", "wrong_type"),
        (float, "7", "", "wrong_type"),
        (float, float("inf"), "", "too_large"),
        (float, 10**400, "", "too_large"),
        (str | None, 1, "", "wrong_type"),
        (date, "20261201", "", "bad_date"),
        (date, "2026-02-30", "", "bad_date"),
        (date, "2026-12-01T00:00:00Z", "", "bad_date"),
        (datetime, "2026-12-01T20:00:00", "", "bad_instant"),
        (datetime, "2026-12-01", "", "bad_instant"),
        (datetime, "0001-01-01T00:00:00+23:00", "", "bad_instant"),
        (Colour, "blue", "", "not_one_of"),
        (Colour, ["red"], "", "not_one_of"),
        (tuple[int, ...], {"0": 1}, "", "wrong_type"),
        (tuple[int, ...], [1, "2"], "1", "wrong_type"),
        (Mapping[str, int], {"a": None}, "a", "wrong_type"),
        (Mapping[str, int], [], "", "wrong_type"),
        (Inner, {}, "number", "missing"),
        (Inner, {"number": 0}, "number", "too_small"),
        (Inner, {"number": 1, "more": 1}, "more", "unknown_field"),
        (Inner, None, "", "wrong_type"),
        (Tree, {"rules": [{"rules": [{"number": 10}]}]}, "rules.0.rules.0.number", "too_large"),
        (tuple[Careful, ...], [{"low": 1}], "0.high", "out_of_range"),
        (Changes, {"kind": "x"}, "kind", "unknown_field"),
        (Annotated[int, Ge(1)], 0, "", "too_small"),
        (Annotated[int, Gt(1)], 1, "", "too_small"),
        (Annotated[int, Le(1)], 2, "", "too_large"),
        (Annotated[int, Lt(1)], 1, "", "too_large"),
        (Annotated[str, MinLen(1)], "", "", "too_short"),
        (Annotated[str, MaxLen(1)], "ab", "", "too_long"),
        (Annotated[tuple[int, ...], Len(1, 2)], [1, 2, 3], "", "too_long"),
        (Email, "nobody", "", "bad_email"),
        (Email, "a/b@example.com", "", "bad_email"),
        (Id, "a b", "", "bad_id"),
        (Id, "", "", "bad_id"),
    ],
)
def test_an_error_names_its_field(kind: Any, value: Any, field: str, code: str):
    with pytest.raises(Invalid) as error:
        read(kind, value)
    assert [(fault.field, fault.code) for fault in error.value.faults] == [(field, code)]


@pytest.mark.parametrize(
    ("kind", "value", "detail"),
    [
        (Email, "nobody", "This is not an e-mail address."),
        (EmailInUse, "nobody", "This is not an e-mail address."),
        (Id, "a b", "Use only letters A–Z, digits and . _ ~ - without spaces, 128 characters at most."),
    ],
)
def test_a_malformed_text_is_explained_by_the_message_catalogue(kind: Any, value: Any, detail: str):
    with pytest.raises(Invalid) as error:
        read(kind, value)
    assert [fault_sentence(fault) for fault in error.value.faults] == [detail]


@pytest.mark.parametrize("depth", [240, 900])
def test_json_nested_too_deep_is_refused(depth: int):
    value: dict[str, Any] = {"rules": [{"number": 0}]}
    for _ in range(depth):
        value = {"rules": [value]}
    with pytest.raises(Invalid) as error:
        read(Tree, value)
    assert [fault.code for fault in error.value.faults] == ["too_deep"]


def test_all_errors_are_reported_together():
    with pytest.raises(Invalid) as error:
        read(tuple[Inner, ...], [{"number": 0}, {"number": "x", "more": 1}, {}])
    fields = {fault.field for fault in error.value.faults}
    assert fields == {"0.number", "1.number", "1.more", "2.number"}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("true", bool, True),
        ("false", bool | None, False),
        ("yes", bool, "yes"),
        ("7", int, 7),
        ("7", str, "7"),
        ("-1", Annotated[int, Ge(0)], -1),
        ("9" * 30, int, "9" * 30),
    ],
)
def test_query_parameters_are_converted_to_their_types(text: str, kind: Any, value: Any):
    assert query_value(text, kind) == value


def test_a_list_that_is_too_long_is_refused_before_its_elements_are_read() -> None:
    with pytest.raises(Invalid) as error:
        read(Annotated[tuple[int, ...], MaxLen(2)], ["x"] * 3)
    assert [fault.code for fault in error.value.faults] == ["too_long"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (tuple[int, ...], ["x"] * 1_000),
        (Mapping[str, int], {str(number): "x" for number in range(1_000)}),
        (Inner, {str(number): "x" for number in range(1_000)}),
    ],
)
def test_at_most_a_hundred_errors_are_collected(kind: Any, value: Any) -> None:
    with pytest.raises(Invalid) as error:
        read(kind, value)
    assert len(error.value.faults) == 100


def test_a_name_with_an_unpaired_surrogate_is_refused() -> None:
    with pytest.raises(Invalid) as error:
        read(Mapping[str, str], {"\ud800": "x"})
    assert [fault.code for fault in error.value.faults] == ["bad_text"]
