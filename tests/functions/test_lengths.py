"""Every text, list and object that a caller sends and Guestlist stores has a limited length."""

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pytest
from annotated_types import Len, MaxLen, Predicate
from typing_extensions import is_typeddict

from chalicelib.api import routes
from tests.functions.conftest import Api

REQUEST = {"kind": "target_group", "file_name": "list.csv", "group": "Friends"}
_SIZED = {"is_id", "is_time_zone"}
"""What holds no long text."""


def unlimited(kind: Any, at: str, seen: frozenset[Any] = frozenset()) -> Iterator[str]:
    """The positions in that type of texts, lists and objects without a limit."""
    constraints: tuple[Any, ...] = ()
    if get_origin(kind) is Annotated:
        kind, *constraints = get_args(kind)  # type: ignore[assignment]
    origin, inside = get_origin(kind), get_args(kind)
    if (kind is str or origin in {tuple, list, Mapping}) and not any(map(_limits, constraints)):
        yield at
    if origin in {Union, UnionType, tuple, list}:
        for one in inside:
            yield from unlimited(one, at, seen)
    elif origin is Mapping:
        for one, place in zip(inside, ("names", "values"), strict=True):
            yield from unlimited(one, f"{at}.{place}", seen)
    elif kind not in seen and (is_dataclass(kind) or is_typeddict(kind)):
        for name, hint in get_type_hints(kind, include_extras=True).items():
            yield from unlimited(hint, f"{at}.{name}", seen | {kind})


def _limits(constraint: Any) -> bool:
    return isinstance(constraint, MaxLen | Len) or (
        isinstance(constraint, Predicate) and constraint.func.__name__ in _SIZED
    )


@pytest.mark.parametrize("route", list(routes()), ids=lambda route: f"{route.method} {route.path}")
def test_every_text_list_and_object_of_a_call_has_a_limit(route: Any) -> None:
    endpoint = route.endpoint
    for kind in (endpoint.body, endpoint.query):
        assert list(unlimited(kind, "")) == []


LONG = "x" * 400_000


@pytest.mark.parametrize(
    "option",
    [
        {"delimiter": LONG},
        {"encoding": LONG},
        {"mapping": {LONG: "Code"}},
        {"mapping": {"Code": LONG}},
        {"mapping": {"Code": 10**30}},
        {"mapping": {f"Field {number}": "Code" for number in range(51)}},
        {"file_name": LONG},
        {"group": LONG},
        {"event_id": LONG},
        {"items": {LONG: "gala"}},
        {LONG: 1},
    ],
    ids=lambda option: next(iter(option))[:10],
)
def test_an_overlong_option_is_refused_with_a_short_response_and_stores_nothing(
    call: Api, option: dict[str, Any]
) -> None:
    before = call("GET /v1/imports").json
    answer = call("POST /v1/imports", {**REQUEST, **option})
    assert answer.status == 422
    assert len(answer.text) < 2_000
    assert call("GET /v1/imports").json == before


@pytest.mark.parametrize("option", [{"delimiter": LONG}, {"encoding": LONG}, {"mapping": {"Code": LONG}}])
def test_an_overlong_correction_is_refused(call: Api, option: dict[str, Any]) -> None:
    import_id = call("POST /v1/imports", REQUEST).json["import_id"]
    assert call(f"POST /v1/imports/{import_id}/confirm", option).status == 422


@pytest.mark.parametrize("delimiter", ["ab", "x", '"', "\n"])
def test_an_invalid_delimiter_is_refused_and_the_import_stays_in_review(call: Api, delimiter: str):
    import_id = call("POST /v1/imports", REQUEST).json["import_id"]
    for answer in (
        call("POST /v1/imports", {**REQUEST, "delimiter": delimiter}),
        call(f"POST /v1/imports/{import_id}/confirm", {"delimiter": delimiter}),
    ):
        assert [(fault["field"], fault["code"]) for fault in answer.json["errors"]] == [("delimiter", "bad_delimiter")]


@pytest.mark.parametrize("delimiter", ["", "tab", "\t", "|"])
def test_a_delimiter_is_a_character_or_its_name(call: Api, delimiter: str):
    assert call("POST /v1/imports", {**REQUEST, "delimiter": delimiter}).status == 201


def test_a_mappings_field_name_is_validated_before_its_column(call: Api) -> None:
    answer = call("POST /v1/imports", {**REQUEST, "mapping": {"n" * 101: "Code", "Seat": "s" * 1_001}})
    assert [fault["code"] for fault in answer.json["errors"]] == ["too_long"]
    answer = call("POST /v1/imports", {**REQUEST, "mapping": {"Code": "c" * 1_001, "Seat": "s" * 1_001}})
    assert [fault["field"] for fault in answer.json["errors"]] == ["mapping.Code", "mapping.Seat"]
