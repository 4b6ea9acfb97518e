"""Ports of the catalogue service."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from guestlist.catalogue.entity import Entity
from guestlist.catalogue.model import Catalogue, Thing
from guestlist.catalogue.restrictions import RestrictionIndex


class KnownEntities(Protocol):
    """Lookup of the catalogue entries that rules name."""

    def unknown(self, org: str, entities: Sequence[tuple[Entity, str]]) -> set[tuple[Entity, str]]:
        """The given entities that do not exist."""


class Catalogues(KnownEntities, Protocol):
    """Store of events, sale items and their restrictions."""

    def restrictions(self, org: str) -> RestrictionIndex:
        """The current restriction index."""

    def get_thing(self, org: str, entity: Entity, thing_id: str) -> Thing | None:
        """The thing, or None."""

    def read_catalogue(self, org: str) -> Catalogue:
        """All events and sale items."""

    def subset(self, org: str, sale_item_ids: Collection[str]) -> Catalogue:
        """These sale items and their events."""

    def save_thing(self, org: str, thing: Thing, index: RestrictionIndex | None = None, *, new: bool = False) -> None:
        """Save the entry, replacing an existing one unless `new`, together with the restriction index.

        Raises `errors.ConcurrentModification`.
        """

    def restrict(self, org: str, index: RestrictionIndex) -> None:
        """Save the restriction index. Raises `ConcurrentModification` if it is not the next revision."""


class Groups(Protocol):
    """The groups that restrictions name, and those whose rules count purchases of catalogue entries."""

    def unknown_groups(self, org: str, group_ids: Sequence[str]) -> list[str]:
        """The given ids that no group has, in their order."""

    def request_passes(self, org: str, changed: Collection[tuple[Entity, str]], now: datetime, by: str) -> None:
        """Request a full pass over every automatic group whose rules name any of these entities."""
