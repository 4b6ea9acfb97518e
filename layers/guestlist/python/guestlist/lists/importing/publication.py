"""The change of a group's list from some versions to others."""

from guestlist.groups.index import GroupIndex, IndexedGroup
from guestlist.imports.ports import Publication


def publication(index: GroupIndex, former: IndexedGroup, group: IndexedGroup, *, created: bool = False) -> Publication:
    """The publication that replaces `former`, the group in the index, by `group`."""
    before, after = former.version_ids, group.version_ids
    return Publication(
        index=index.with_group(group),
        group=group,
        former=former,
        created=created,
        new_versions=tuple(sorted(after - before)),
        expired_versions=tuple(sorted(before - after)),
    )
