"""What changes to the catalogue need from outside."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from guestlist.catalogue.entity import Entity
from guestlist.catalogue.model import Catalogue, Thing
from guestlist.catalogue.restrictions import RestrictionIndex


class KnownEntities(Protocol):
    """The catalogue, as far as rules name it."""

    def unknown(self, org: str, entities: Sequence[tuple[Entity, str]]) -> set[tuple[Entity, str]]:
        """Those of the named things that do not exist."""


class Catalogues(KnownEntities, Protocol):
    """What organisers sell, and to whom."""

    def restrictions(self, org: str) -> RestrictionIndex:
        """The restriction index as it is now."""

    def get_thing(self, org: str, entity: Entity, thing_id: str) -> Thing | None:
        """The thing, or None."""

    def whole(self, org: str) -> Catalogue:
        """All events and sale items."""

    def subset(self, org: str, sale_item_ids: Collection[str]) -> Catalogue:
        """Those sale items and their events."""

    def save_thing(self, org: str, thing: Thing, index: RestrictionIndex | None = None, *, new: bool = False) -> None:
        """Keep the thing, in place of its former self unless it must be new, and the restriction index with it.

        Raises `errors.ConcurrentModification`.
        """

    def restrict(self, org: str, index: RestrictionIndex) -> None:
        """Make this the restriction index. Raises `ConcurrentModification` when it is not the next one."""


class Groups(Protocol):
    """The groups, as far as what is sold depends on them, or they on what is sold."""

    def unknown_groups(self, org: str, group_ids: Sequence[str]) -> list[str]:
        """Those of the ids that no group has, in their order."""

    def request_passes(self, org: str, changed: Collection[tuple[Entity, str]], now: datetime, by: str) -> None:
        """Wish for a full pass over every automatic group whose rules name any of these."""
