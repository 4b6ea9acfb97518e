"""Ports of the catalogue service."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from guestlist.catalogue.entity_type import EntityReference, EntityType
from guestlist.catalogue.model import Catalogue, Entity
from guestlist.catalogue.restrictions import RestrictionIndex


class KnownEntities(Protocol):
    """Lookup of the entities that rules name."""

    def find_unknown(self, org: str, references: Sequence[EntityReference]) -> set[EntityReference]:
        """The references whose entities do not exist."""


class Catalogues(KnownEntities, Protocol):
    """Store of events, sale items and their restrictions."""

    def restrictions(self, org: str) -> RestrictionIndex:
        """The current restriction index."""

    def get_entity(self, org: str, entity_type: EntityType, entity_id: str) -> Entity | None:
        """The entity, or None."""

    def read_catalogue(self, org: str) -> Catalogue:
        """All events and sale items."""

    def subset(self, org: str, sale_item_ids: Collection[str]) -> Catalogue:
        """These sale items and their events."""

    def save_entity(
        self, org: str, entity: Entity, index: RestrictionIndex | None = None, *, new: bool = False
    ) -> None:
        """Save the entity, replacing an existing one unless `new`, together with the restriction index.

        Raises `errors.ConcurrentModification`.
        """

    def save_restrictions(self, org: str, index: RestrictionIndex) -> None:
        """Replace the restriction index. Raises `ConcurrentModification` if it is not the next revision."""


class Groups(Protocol):
    """The groups that restrictions name, and those whose rules count purchases of entities."""

    def unknown_groups(self, org: str, group_ids: Sequence[str]) -> list[str]:
        """The given ids that no group has, in their order."""

    def request_passes(self, org: str, changed: Collection[EntityReference], now: datetime, by: str) -> None:
        """Request a full pass over every automatic group whose rules name any of these entities."""
