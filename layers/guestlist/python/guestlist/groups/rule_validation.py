"""Validation of rules beyond their schema: number, depth, satisfiability, and existence of the ids they name."""

from collections.abc import Iterator

from guestlist.catalogue.entity_type import EntityReference, EntityType
from guestlist.catalogue.ports import KnownEntities
from guestlist.groups.rule import MAX_RULES, Branch, Leaf
from guestlist.model.errors import FieldFault, Invalid

MAX_DEPTH = 5
_TYPES_OF_ONE_EVENT = {EntityType.EVENT, EntityType.SALE_ITEM}


def rules_required() -> Invalid:
    """The error for an automatic group without rules."""
    return Invalid.field("rules", "required.rules")


def validate_rules(tree: Branch, org: str, catalogue: KnownEntities) -> Branch:
    """Return the same tree if it is valid. Raises `Invalid` with every fault, each with the path of its field."""
    paths_and_leaves = list(_paths_and_leaves(tree, "rules", depth=1))
    unknown = catalogue.find_unknown(org, list(dict.fromkeys((leaf.type, leaf.id) for _, leaf in paths_and_leaves)))
    faults = [fault for path, leaf in paths_and_leaves for fault in _faults(leaf, path, unknown)]
    if len(paths_and_leaves) > MAX_RULES:
        faults.append(FieldFault("rules", "too_many", most=MAX_RULES))
    if faults:
        raise Invalid(faults)
    return tree


def _paths_and_leaves(branch: Branch, path: str, depth: int) -> Iterator[tuple[str, Leaf]]:
    if depth > MAX_DEPTH:
        raise Invalid.field(path, "too_deep", most=MAX_DEPTH)
    if not branch.rules:
        raise Invalid.field(f"{path}.rules", "empty.rules")
    for index, rule in enumerate(branch.rules):
        rule_path = f"{path}.rules.{index}"
        if isinstance(rule, Leaf):
            yield rule_path, rule
        else:
            yield from _paths_and_leaves(rule, rule_path, depth + 1)


def _faults(leaf: Leaf, path: str, unknown: set[EntityReference]) -> Iterator[FieldFault]:
    if (leaf.type, leaf.id) in unknown:
        yield FieldFault(f"{path}.id", f"unknown_id.{leaf.type.value}", id=leaf.id)
    if leaf.type in _TYPES_OF_ONE_EVENT and (leaf.distinct_events or 1) > 1:
        yield FieldFault(f"{path}.distinct_events", "impossible")
