"""Groups as the catalogue uses them: the adapter of its port."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from guestlist.catalogue.entity_type import EntityReference
from guestlist.groups.index import GroupType
from guestlist.groups.ports import Groups, Syncs
from guestlist.groups.rule import leaves


@dataclass(frozen=True, slots=True)
class CatalogueGroups:
    """The groups that restrictions name, and those whose rules count purchases of entities."""

    groups: Groups
    syncs: Syncs

    def unknown_groups(self, org: str, group_ids: Sequence[str]) -> list[str]:
        """The given ids that no group has, in their order."""
        existing_groups = self.groups.index(org).groups
        return [group_id for group_id in group_ids if group_id not in existing_groups]

    def request_passes(self, org: str, changed: Collection[EntityReference], now: datetime, by: str) -> None:
        """Request a full pass over every automatic group whose rules name any of these entities."""
        index = self.groups.index(org).groups.values()
        automatic = [group.group_id for group in index if group.type is GroupType.AUTOMATIC]
        for group in self.groups.get_groups(org, automatic).values():
            if group.rules and any((leaf.type, leaf.id) in changed for leaf in leaves(group.rules)):
                self.syncs.request_full_pass(org, group.group_id, now, by)
