"""What imports note of their own deeds, in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from guestlist.membership import Change


@dataclass
class FakeJournal:
    """Changes by organiser, import, e-mail and group."""

    kept: dict[tuple[str, str, str, str], Change] = field(default_factory=dict)

    def note(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        for change in changes:
            self.kept[org, import_id, change.subject.email, change.subject.group_id] = change

    def strike(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        for change in changes:
            self.kept.pop((org, import_id, change.subject.email, change.subject.group_id), None)

    def noted(self, org: str, import_id: str) -> Iterator[Change]:
        yield from [change for key, change in self.kept.items() if key[:2] == (org, import_id)]


@dataclass
class FakeOrderNotes:
    """Ids of orders by organiser and import."""

    kept: set[tuple[str, str, str]] = field(default_factory=set)

    def note(self, org: str, import_id: str, order_id: str) -> None:
        self.kept.add((org, import_id, order_id))

    def strike(self, org: str, import_id: str, order_id: str) -> None:
        self.kept.discard((org, import_id, order_id))

    def noted(self, org: str, import_id: str) -> Iterator[str]:
        yield from sorted(order_id for owner, owned, order_id in self.kept if (owner, owned) == (org, import_id))
