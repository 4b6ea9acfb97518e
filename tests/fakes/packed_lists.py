"""The list_store of one group's packed versions, in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from guestlist.lists.fingerprints import Segment
from guestlist.lists.packed_list import Header, TextId, Texts


@dataclass
class FakePackedListStore:
    """Texts by place. `reads` has the places of each call."""

    texts: dict[TextId, str] = field(default_factory=dict)
    headers: dict[str, Header] = field(default_factory=dict)
    reads: list[list[TextId]] = field(default_factory=list)
    fingerprints: dict[Segment, bytes] = field(default_factory=dict)

    def header(self, version_id: str) -> Header | None:
        return self.headers.get(version_id)

    def put_header(self, header: Header) -> None:
        self.headers[header.version.version_id] = header

    def versions(self) -> list[Header]:
        return [header for _, header in sorted(self.headers.items())]

    def swap(self, place: TextId, former: str, text: str) -> None:
        if self.texts.get(place) == former:
            self.texts[place] = text

    def write_texts(self, texts: Texts) -> None:
        self.texts.update(texts)

    def read_texts(self, places: Iterable[TextId]) -> Texts:
        self.reads.append(list(places))
        return {place: self.texts[place] for place in self.reads[-1] if place in self.texts}

    def delete_texts(self, places: Iterable[TextId]) -> None:
        for place in places:
            self.texts.pop(place, None)

    def write_fingerprints(self, segment: Segment, content: bytes) -> None:
        self.fingerprints[segment] = content

    def delete_fingerprints(self, segments: Iterable[Segment]) -> None:
        for segment in segments:
            self.fingerprints.pop(segment, None)

    def delete_header(self, version_id: str) -> None:
        self.headers.pop(version_id, None)
