"""Validation of rules beyond their schema: size, depth, satisfiability, and that the ids they name exist."""

from collections.abc import Iterator

from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.ports import KnownEntities
from guestlist.groups.rule import MAX_RULES, Branch, Leaf
from guestlist.model.errors import FieldFault, Invalid

MAX_DEPTH = 5
_OF_ONE_EVENT = {EntityType.EVENT, EntityType.SALE_ITEM}


def rules_required() -> Invalid:
    """The error for an automatic group without rules."""
    return Invalid.field("rules", "required.rules")


def validate_rules(tree: Branch, org: str, catalogue: KnownEntities) -> Branch:
    """Return the same tree if it is valid. Raises `Invalid` with every fault, each with the path of its field."""
    placed = list(_placed(tree, "rules", depth=1))
    unknown = catalogue.unknown(org, list(dict.fromkeys((leaf.type, leaf.id) for _, leaf in placed)))
    faults = [fault for place, leaf in placed for fault in _faults(leaf, place, unknown)]
    if len(placed) > MAX_RULES:
        faults.append(FieldFault("rules", "too_many", most=MAX_RULES))
    if faults:
        raise Invalid(faults)
    return tree


def _placed(branch: Branch, place: str, depth: int) -> Iterator[tuple[str, Leaf]]:
    if depth > MAX_DEPTH:
        raise Invalid.field(place, "too_deep", most=MAX_DEPTH)
    if not branch.rules:
        raise Invalid.field(f"{place}.rules", "empty.rules")
    for at, rule in enumerate(branch.rules):
        below = f"{place}.rules.{at}"
        if isinstance(rule, Leaf):
            yield below, rule
        else:
            yield from _placed(rule, below, depth + 1)


def _faults(leaf: Leaf, place: str, unknown: set[tuple[EntityType, str]]) -> Iterator[FieldFault]:
    if (leaf.type, leaf.id) in unknown:
        yield FieldFault(f"{place}.id", f"unknown_id.{leaf.type.value}", id=leaf.id)
    if leaf.type in _OF_ONE_EVENT and (leaf.distinct_events or 1) > 1:
        yield FieldFault(f"{place}.distinct_events", "impossible")
