"""The journals of imports, in memory."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from guestlist.customers.importing.names import NameChange
from guestlist.groups.membership import Change


@dataclass
class FakeJournal:
    """Changes by organiser, import, e-mail and group."""

    stored: dict[tuple[str, str, str, str], Change] = field(default_factory=dict)
    names: dict[tuple[str, str, str], NameChange] = field(default_factory=dict)

    def append_names(self, org: str, import_id: str, name_changes: Sequence[NameChange]) -> None:
        for name_change in name_changes:
            self.names[org, import_id, name_change.email] = name_change

    def name_changes(self, org: str, import_id: str) -> Iterator[NameChange]:
        yield from [name_change for key, name_change in self.names.items() if key[:2] == (org, import_id)]

    def append_changes(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        for change in changes:
            self.stored[org, import_id, change.subject.email, change.subject.group_id] = change

    def remove_changes(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        for change in changes:
            self.stored.pop((org, import_id, change.subject.email, change.subject.group_id), None)

    def changes(self, org: str, import_id: str) -> Iterator[Change]:
        yield from [change for key, change in self.stored.items() if key[:2] == (org, import_id)]


@dataclass
class FakeOrderJournal:
    """Ids of orders by organiser and import."""

    stored: set[tuple[str, str, str]] = field(default_factory=set)

    def append_orders(self, org: str, import_id: str, place: int, order_ids: Sequence[str]) -> None:
        assert place
        self.stored |= {(org, import_id, order_id) for order_id in order_ids}

    def remove_orders(self, org: str, import_id: str, place: int, order_ids: Collection[str]) -> None:
        assert place
        self.stored -= {(org, import_id, order_id) for order_id in order_ids}

    def order_ids(self, org: str, import_id: str) -> Iterator[str]:
        yield from sorted(order_id for owner, owned, order_id in self.stored if (owner, owned) == (org, import_id))


@dataclass
class FakeRowResults:
    """Results by organiser, import, pass and place."""

    stored: dict[tuple[str, str, str, int], dict[int, str]] = field(default_factory=dict)

    def save_results(
        self, org: str, import_id: str, course: str, place: int, results: Mapping[int, str], until: datetime
    ) -> None:
        assert until
        self.stored[org, import_id, course, place] = dict(results)

    def load_results(self, org: str, import_id: str, course: str) -> Iterator[tuple[int, str]]:
        for key, results in sorted(self.stored.items()):
            if key[:3] == (org, import_id, course):
                yield from results.items()

    def delete_results(self, org: str, import_id: str, course: str, after: int) -> None:
        for key in [key for key in self.stored if key[:3] == (org, import_id, course) and key[3] > after]:
            del self.stored[key]
