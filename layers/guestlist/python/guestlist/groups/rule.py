"""Rules of an automatic group: a tree of conditions on purchases."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from annotated_types import Interval, MaxLen, MinLen

from guestlist.catalogue.entity_type import EntityType
from guestlist.model.duration import Duration
from guestlist.model.ids import Id

MAX_RULES = 50


class Operator(StrEnum):
    """Operator that combines the rules of a branch."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """At least `minimum` items of one entity, bought no longer ago than `within` (None: at any time).

    `distinct_events` is the least number of events that they are of. `exclude_imported` ignores tickets that
    were imported.
    """

    type: EntityType
    id: Id
    minimum: Annotated[int, Interval(ge=1, le=1_000_000)]
    within: Duration | None = None
    distinct_events: Annotated[int, Interval(ge=1, le=1_000)] | None = None
    exclude_imported: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """One or more rules that an operator combines."""

    operator: Operator
    rules: Annotated[tuple["Leaf | Branch", ...], MinLen(1), MaxLen(MAX_RULES)]


def leaves(rule: Leaf | Branch) -> Iterator[Leaf]:
    """Yield the leaves of the tree from the left."""
    if isinstance(rule, Leaf):
        yield rule
    else:
        for inner in rule.rules:
            yield from leaves(inner)


def plain(rule: Leaf | Branch) -> dict[str, Any]:
    """The rule as a JSON object; unset fields are left out."""
    if isinstance(rule, Branch):
        return {"operator": rule.operator.value, "rules": [plain(inner) for inner in rule.rules]}
    values: dict[str, Any] = {"type": rule.type.value, "id": rule.id, "minimum": rule.minimum}
    values |= {"within": {"value": rule.within.value, "unit": rule.within.unit.value}} if rule.within else {}
    values |= {"distinct_events": rule.distinct_events} if rule.distinct_events else {}
    return values | ({"exclude_imported": True} if rule.exclude_imported else {})
