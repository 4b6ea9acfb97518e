"""Fingerprints of a list's codes: never wrong about a code that is there, seldom about one that is not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guestlist.groups.index import Version
from guestlist.imports.model import Mode
from guestlist.lists import fingerprints
from guestlist.lists.entry import Entry, code_key, email_key
from guestlist.lists.fingerprints import UNKNOWN, Segment, hash_key, may_hold, segment_of
from guestlist.lists.importing.fingerprinting import segment_content
from guestlist.lists.importing.storing import delete_version
from tests.fakes.packed_lists import FakePackedListStore
from tests.unit.lists.builders import StoredList, nothing, tiny_limits

ROWS = 10_000


def list_of(*entries: Entry, mode: Mode = Mode.CREATE) -> StoredList:
    stored_list = StoredList()
    stored_list.apply(mode, entries)
    return stored_list


def may_contain(of: StoredList, version: Version | None, key: str) -> bool:
    assert version is not None
    assert isinstance(of.list_store, FakePackedListStore)
    segment = Segment(version.version_id, segment_of(hash_key(key), version.partitions))
    return may_hold(of.list_store.fingerprints[segment], hash_key(key), version.partitions)


@pytest.fixture(scope="module")
def large() -> StoredList:
    letters = random.Random(3)  # noqa: S311 - the same codes each time
    return list_of(*(Entry(f"{letters.getrandbits(40):010x}") for _ in range(ROWS)))


def test_fingerprints_rule_out_no_code_of_the_list(large: StoredList) -> None:
    assert all(may_contain(large, large.current.base, entry.key) for entry in large.entries())


def test_fingerprints_rule_out_nearly_every_other_code(large: StoredList) -> None:
    assert sum(may_contain(large, large.current.base, f"unknown-{number}") for number in range(20_000)) <= 130


def test_fingerprints_take_less_than_two_bytes_a_code(large: StoredList) -> None:
    assert isinstance(large.list_store, FakePackedListStore)
    assert sum(map(len, large.list_store.fingerprints.values())) <= 1.5 * ROWS


@given(st.lists(st.text(min_size=1, max_size=6), max_size=60), st.lists(st.text(min_size=1, max_size=6), max_size=20))
def test_a_code_that_a_list_or_its_overlay_names_is_never_ruled_out(codes: list[str], revoked: list[str]) -> None:
    with tiny_limits():
        stored_list = list_of(*map(Entry, filter(str.strip, codes)))
        base = stored_list.current.base
        assert all(may_contain(stored_list, base, entry.key) for entry in stored_list.entries())
        stored_list.apply(Mode.REMOVE, map(Entry, filter(str.strip, revoked)))
        overlay = stored_list.current.overlay
        removed = {code_key(code) for code in revoked} & {code_key(code) for code in codes} if overlay else set()
        assert all(may_contain(stored_list, overlay, key) for key in removed if key)


def test_addresses_have_no_fingerprints() -> None:
    stored_list = list_of(*(Entry(email=f"ann{number}@host.nl") for number in range(50)))
    assert not any(
        may_contain(stored_list, stored_list.current.base, email_key(f"ann{number}@host.nl")) for number in range(50)
    )


@pytest.mark.parametrize(
    "hashes", [[number * 100_000 for number in range(60)], list(range(70_000))], ids=["too alike", "too many"]
)
def test_fingerprints_of_hashes_that_do_not_fit_rule_out_nothing(hashes: list[int]) -> None:
    content = segment_content(hashes, 0, 1, 1)
    assert content == UNKNOWN
    assert may_hold(content, hash_key("any"), 1)


def test_similar_hashes_get_more_slots() -> None:
    hashes = [number << 14 for number in range(40)]
    content = segment_content(hashes, 0, 1, 1)
    assert content != UNKNOWN
    assert all(may_hold(content, one, 1) for one in hashes)


def test_fingerprints_are_deleted_with_their_version() -> None:
    stored_list = list_of(*(Entry(f"c{number}") for number in range(100)))
    assert isinstance(stored_list.list_store, FakePackedListStore)
    assert stored_list.list_store.fingerprints
    delete_version(stored_list.list_store, "v0", nothing)
    assert not stored_list.list_store.fingerprints


def test_a_version_has_a_segment_of_fingerprints_for_every_64_partitions() -> None:
    assert [fingerprints.segments(partitions) for partitions in (1, 64, 65, 700)] == [1, 1, 2, 11]
    assert [fingerprints.partitions_covered(65, segment) for segment in (0, 1)] == [64, 1]
