"""Validation of rules."""

import pytest

from chalicelib.web.validation import read
from guestlist.groups.rule import Branch, Operator, plain
from guestlist.groups.rule_validation import validate_rules
from guestlist.model.errors import Invalid
from tests.unit.groups.builders import CATALOGUE, all_of, any_of, days, leaf


def faults(tree: Branch) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        validate_rules(tree, "demo", CATALOGUE)
    return [(fault.field, fault.code) for fault in caught.value.faults]


@pytest.mark.behaviour(157, 158, 159, 160, 162, 163)
def test_operators_may_be_nested_and_have_several_rules() -> None:
    tree = all_of(leaf(), any_of(leaf("schedule", "season", 3), leaf("sale_item", "ticket", 2)))
    assert validate_rules(tree, "demo", CATALOGUE) == tree


@pytest.mark.behaviour(149)
def test_every_unknown_id_is_reported_at_its_path() -> None:
    tree = all_of(leaf(name="nowhere"), any_of(leaf(), leaf("sale_item", "nothing")))
    assert faults(tree) == [("rules.rules.0.id", "unknown_id"), ("rules.rules.1.rules.1.id", "unknown_id")]


@pytest.mark.behaviour(150)
@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({}, "rules.0.minimum"),
        ({"minimum": None}, "rules.0.minimum"),
        ({"minimum": 0}, "rules.0.minimum"),
        ({"minimum": -1}, "rules.0.minimum"),
        ({"minimum": 1.5}, "rules.0.minimum"),
        ({"minimum": "2"}, "rules.0.minimum"),
        ({"minimum": 1, "within": {"value": 0, "unit": "days"}}, "rules.0.within.value"),
        ({"minimum": 1, "within": {"value": 1, "unit": "months"}}, "rules.0.within.unit"),
    ],
    ids=str,
)
def test_a_minimum_is_required_and_numbers_are_positive_integers(rule: dict[str, object], field: str) -> None:
    body = {"operator": "any", "rules": [{"type": "event", "id": "festival", **rule}]}
    with pytest.raises(Invalid) as caught:
        read(Branch, body)
    assert [fault.field for fault in caught.value.faults] == [field]


def test_written_rules_are_read_back() -> None:
    tree = all_of(leaf(minimum=2, within=days(30)), any_of(leaf("schedule", "season", 3, distinct_events=2)))
    assert read(Branch, plain(tree)) == tree


def test_an_event_id_is_not_accepted_for_a_sale_item() -> None:
    assert faults(any_of(leaf("sale_item", "festival"))) == [("rules.rules.0.id", "unknown_id")]


@pytest.mark.behaviour(125)
def test_an_operator_without_rules_is_refused() -> None:
    assert faults(any_of(leaf(), Branch(Operator.ALL, ()))) == [("rules.rules.1.rules", "empty")]


def test_operators_are_at_most_five_deep() -> None:
    tree = any_of(leaf())
    for _ in range(4):
        tree = any_of(tree)
    assert validate_rules(tree, "demo", CATALOGUE) == tree
    assert faults(any_of(tree)) == [("rules.rules.0.rules.0.rules.0.rules.0.rules.0", "too_deep")]


def test_there_are_at_most_fifty_rules() -> None:
    assert validate_rules(any_of(*[leaf()] * 50), "demo", CATALOGUE)
    assert faults(all_of(any_of(*[leaf()] * 26), any_of(*[leaf()] * 25))) == [("rules", "too_many")]


def test_distinct_events_cannot_be_required_of_a_single_event() -> None:
    assert faults(any_of(leaf(distinct_events=2))) == [("rules.rules.0.distinct_events", "impossible")]
    assert validate_rules(any_of(leaf("schedule", "season", distinct_events=2)), "demo", CATALOGUE)


def test_a_rule_tree_is_written_as_plain_data() -> None:
    tree = all_of(leaf(minimum=2, within=days(30)), any_of(leaf("schedule", "season", 3, distinct_events=2)))
    assert plain(tree) == {
        "operator": "all",
        "rules": [
            {"type": "event", "id": "festival", "minimum": 2, "within": {"value": 30, "unit": "days"}},
            {
                "operator": "any",
                "rules": [{"type": "schedule", "id": "season", "minimum": 3, "distinct_events": 2}],
            },
        ],
    }
