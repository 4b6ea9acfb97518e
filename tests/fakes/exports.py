"""The ports of exports, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from guestlist.exports.service import Export
from guestlist.model.errors import ConcurrentModification


@dataclass
class FakeExports:
    """Exports by organiser, group and filter."""

    stored: dict[tuple[str, str, str], Export] = field(default_factory=dict)

    def get_export(self, org: str, group_id: str, name: str = "") -> Export | None:
        return self.stored.get((org, group_id, name))

    def save_export(self, export: Export) -> Export:
        self._same(export)
        following = replace(export, revision=export.revision + 1)
        self.stored[export.organiser_id, export.group_id, export.name] = following
        return following

    def delete_export(self, export: Export) -> None:
        self._same(export)
        del self.stored[export.organiser_id, export.group_id, export.name]

    def _same(self, export: Export) -> None:
        current = self.stored.get((export.organiser_id, export.group_id, export.name))
        if (current.revision if current else 0) != export.revision:
            raise ConcurrentModification


@dataclass
class FakeFiles:
    """Whole files by their keys, and the parts of those that are not finished."""

    whole: dict[str, bytes] = field(default_factory=dict)
    begun: dict[tuple[str, str], dict[int, tuple[str, bytes]]] = field(default_factory=dict)

    def put_file(self, key: str, text: bytes) -> None:
        self.whole[key] = text

    def begin_upload(self, key: str) -> str:
        upload_id = f"upload-{len(self.begun)}"
        self.begun[key, upload_id] = {}
        return upload_id

    def upload_part(self, key: str, upload_id: str, number: int, text: bytes) -> str:
        mark = f"{upload_id}-{number}-{hash(text)}"
        self.begun[key, upload_id][number] = mark, text
        return mark

    def complete_upload(self, key: str, upload_id: str, parts: Sequence[str]) -> None:
        uploaded = self.begun.pop((key, upload_id))
        assert [uploaded[number][0] for number in range(1, len(parts) + 1)] == list(parts)
        self.whole[key] = b"".join(uploaded[number][1] for number in range(1, len(parts) + 1))


@dataclass
class FakeQueue:
    """A queue with the ids of exports."""

    queued: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def export(self, org: str, group_id: str, export_id: str, name: str = "") -> None:
        assert org
        assert group_id
        self.queued.append(export_id)
        self.names.append(name)
