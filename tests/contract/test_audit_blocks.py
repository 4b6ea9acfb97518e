"""Audit entries in blocks: histories and webhook events are those of single entries, on both engines."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guestlist.aws import person_keys
from guestlist.aws.items import Item
from guestlist.aws.table import Table
from guestlist.customers.model import Customer, shard_of
from guestlist.customers.profile_store import PersonalDataStore
from guestlist.customers.store import Customers
from guestlist.erasure.model import Erasure
from guestlist.erasure.service import erase
from guestlist.erasure.store import Erasures
from guestlist.groups.audit_blocks import AuditBlocks
from guestlist.groups.membership import AuditEntry, Change, Membership, Source
from guestlist.groups.membership_items import audit_entry_of
from guestlist.groups.membership_store import Memberships
from guestlist.messages.message import Message
from guestlist.purchases.store import Purchases
from guestlist.tickets.sales_store import EventSales
from guestlist.webhooks.stream_events import events_of
from tests.engines.tables import all_items, new_table

NOW = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SHARD = [email for email in (f"p{number:03d}@example.com" for number in range(400)) if shard_of(email) == 0][:25]
"""People of one shard, in the order of their addresses."""
ANN, BOB, ZOE = SHARD[0], SHARD[1], SHARD.pop()


@pytest.fixture(params=["ministack", "dynalite"])
def blocked(request: pytest.FixtureRequest) -> Table:
    """A table to which changes are applied together."""
    return new_table(request.getfixturevalue(request.param))


@pytest.fixture
def single(ministack: str) -> Table:
    """A table to which each change is applied alone."""
    return new_table(ministack)


def joined(email: str, line: int, group_id: str = "g1", at: datetime = NOW) -> Change:
    """The change that an import makes for a row with a group."""
    because = Message("file_line", {"line": line, "file": "people.csv"})
    member = Membership(
        email=email,
        group_id=group_id,
        added_at=at,
        source=Source.IMPORT,
        because=because,
    )
    return Change(before=None, after=member, by="night shift", because=because, import_id="i1", line=line)


def by_hand(email: str, group_id: str = "g1") -> Change:
    member = Membership(email=email, group_id=group_id, added_at=NOW, source=Source.HAND, reason="by hand")
    return Change(before=None, after=member, by="me", why="by hand")


def left(table: Table, email: str) -> Change:
    """The end of a membership that exists."""
    before = Memberships(table).get_memberships("demo", email)["g1"]
    return Change(before=before, after=None, by="me", why="by hand")


def imported(emails: Sequence[str], group_id: str = "g1") -> list[Change]:
    return [joined(email, line, group_id) for line, email in enumerate(emails, 2)]


def apply(table: Table, changes: Sequence[Change], at: datetime = NOW, *, together: bool = True) -> None:
    store = Memberships(table)
    for some in [changes] if together else [[change] for change in changes]:
        assert store.apply("demo", some, at) == []


def blocks(table: Table) -> list[Item]:
    return [item for item in all_items(table) if item["pk"].startswith("O#demo#AUDIT#")]


def group_history(table: Table, limit: int, before: str | None = None) -> list[tuple[str, AuditEntry]]:
    """The whole history of the group, read in pages."""
    store, entries = Memberships(table), list[tuple[str, AuditEntry]]()
    start = [before] if before else []
    while page := store.audit_entries_in("demo", "g1", limit, *start):
        entries += page
        start = [page[-1][0]]
    return entries


def person_history(table: Table, email: str, limit: int) -> list[tuple[str, AuditEntry]]:
    store, entries, start = Memberships(table), list[tuple[str, AuditEntry]](), list[str]()
    while page := store.audit_entries_of("demo", email, limit, *start):
        entries += page
        start = [page[-1][0]]
    return entries


def events(table: Table) -> list[tuple[str, str, str, str]]:
    """The events that the images of all items stand for, with what tells one from another."""
    found = [event for item in all_items(table) for event in events_of(item, NOW, b"k")]
    return [(event.type, event.subject, event.sequence, f"{event.ids} {event.personal}") for event in found]


def steps(table: Table, *, together: bool) -> Iterator[set[tuple[str, str, str, str]]]:
    """Several blocks of one instant, entries by hand among them, and changes afterwards, with the events after each."""
    apply(table, [by_hand(SHARD[5]), by_hand(SHARD[18])], together=together)
    yield set(events(table))
    rows = imported([email for number, email in enumerate(SHARD) if number not in {5, 18}])
    for some in (rows[::2], rows[1::2], imported(SHARD[:3], "g2")):
        apply(table, some, together=together)
        yield set(events(table))
    assert len(events(table)) == len(set(events(table)))
    apply(table, [left(table, BOB)], LATER, together=together)
    yield set(events(table))
    current = Memberships(table).get_memberships("demo", SHARD[3])["g1"]
    moved = replace(current, removal_at=LATER)
    apply(table, [Change(before=current, after=moved, by="me", why="moved")], LATER, together=together)
    apply(table, [joined(BOB, 2, at=LATER), joined(ZOE, 3, at=LATER)], LATER, together=together)
    yield set(events(table))


def test_histories_and_events_are_those_of_single_entries_page_by_page(blocked: Table, single: Table) -> None:
    told = [
        set[tuple[str, str, str, str]]().union(*steps(table, together=table is blocked)) for table in (blocked, single)
    ]
    assert told[0] == told[1]
    assert blocks(blocked)
    assert not blocks(single)
    expected = group_history(single, 100)
    assert len(expected) == len({cursor for cursor, _ in expected}) == 28
    for limit in (1, 2, 3, 7, 27, 100):
        assert group_history(blocked, limit) == expected
    for cursor, _ in expected:  # which a page of the previous release may have ended with
        assert group_history(blocked, 5, cursor) == group_history(single, 5, cursor)
    for email in SHARD:
        for limit in (1, 100):
            assert person_history(blocked, email, limit) == person_history(single, email, limit)


def test_a_block_is_one_item_for_all_of_a_group_and_shard(blocked: Table) -> None:
    apply(blocked, imported(SHARD[:20]))
    assert len(blocks(blocked)) == 1
    assert len(all_items(blocked)) == 20 + 1 + 1, "memberships, block, number of members"
    apply(blocked, imported(SHARD[20:21]))
    assert len(blocks(blocked)) == 1, "a single entry needs no block"


def test_the_previous_release_reads_a_block_as_an_entry_that_names_nobody(blocked: Table) -> None:
    apply(blocked, imported(SHARD[:20]))
    [item] = blocks(blocked)
    entry = audit_entry_of(item)
    assert (entry.email, entry.group_id, entry.at, entry.by, entry.import_id) == (None, "g1", NOW, "night shift", "i1")


def test_an_entry_replaced_meanwhile_is_not_lost(ministack_table: Table) -> None:
    store = Memberships(ministack_table)
    apply(ministack_table, imported([ANN, BOB]))
    stale = store.get_memberships("demo", ANN)["g1"]
    touched = replace(stale, reason="other words")
    apply(ministack_table, [Change(before=stale, after=touched, by="me", why="touched")], LATER)
    change = Change(before=stale, after=None, by="timer")
    assert store.apply("demo", [change], LATER) == [change]
    assert [entry.why for _, entry in person_history(ministack_table, ANN, 9)] == ["touched", stale.reason]


def erase_person(table: Table, email: str) -> None:
    pages = PersonalDataStore(table, Purchases(table, EventSales(table)))
    erase("demo", Erasure(email=email, asked_at=LATER, by="me"), Erasures(table), pages, Memberships(table))


def texts(table: Table) -> str:
    """All that the table contains, uncompressed, but for the erasure's own record until it is complete."""
    items = [item for item in all_items(table) if not item["pk"].startswith("O#demo#ERAS")]
    plain = [
        {name: zlib.decompress(value) if isinstance(value, bytes) else value for name, value in item.items()}
        for item in items
    ]
    return str(plain)


@pytest.mark.parametrize("whom", [0, 7, 19], ids=["first", "middle", "last"])
def test_an_erased_person_is_named_in_no_block_and_their_entries_stay(blocked: Table, single: Table, whom: int) -> None:
    for table in (blocked, single):
        Customers(table).ensure_customers("demo", [Customer(email=SHARD[whom], created_at=NOW)])
        apply(table, imported(SHARD[:20]), together=table is blocked)
        for _ in range(2):
            erase_person(table, SHARD[whom])
        assert SHARD[whom] not in texts(table)
    for limit in (3, 100):
        assert group_history(blocked, limit) == group_history(single, 100)
    assert person_history(blocked, SHARD[whom], 9) == []
    assert len(person_history(blocked, SHARD[1], 9)) == 1


def test_everybody_of_a_block_can_be_erased(blocked: Table, single: Table) -> None:
    for table in (blocked, single):
        apply(table, imported([ANN, BOB]), together=table is blocked)
        for email in (ANN, BOB):
            erase_person(table, email)
    assert group_history(blocked, 1) == group_history(single, 9)
    assert len(group_history(blocked, 9)) == 4


def test_a_block_is_found_by_an_erasure_after_the_previous_release_changed_the_membership(blocked: Table) -> None:
    apply(blocked, imported(SHARD[:4]))
    blocked.delete(person_keys.membership("demo", ANN, "g1"))
    erase_person(blocked, ANN)
    assert ANN in texts(blocked)
    for _ in range(2):
        AuditBlocks(blocked).anonymise_everywhere("demo", ANN.upper())
    assert ANN not in texts(blocked)
    assert len(group_history(blocked, 9)) == 4
