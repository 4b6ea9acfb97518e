"""Fingerprints: a warm process skips lists without a code, and its answers stay the same."""

from dataclasses import replace
from typing import Any

import pytest

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.checkout.request import Client
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.model import Mode
from guestlist.lists.entry import Entry
from guestlist.lists.fingerprint_cache import FingerprintCache
from tests.engines.tables import new_table, on_requests
from tests.fakes.shop import Shop
from tests.unit.checkout.builders import NOW, group, item

CODES = [Entry(f"code-{number}", quantity=2) for number in range(100)]


class Reads:
    """The keys of lists and fingerprints that were read."""

    def __init__(self, shop: Shop) -> None:
        self.read: list[str] = []
        on_requests(shop.table, "before-call", self._note)
        self._shop = shop
        self._asked = 0

    def _note(self, operation: str, request: dict[str, Any]) -> None:
        if operation == "BatchGetItem":
            (batch,) = request["RequestItems"].values()
            self.read += [key["pk"]["S"] for key in batch["Keys"] if "#L#" in key["pk"]["S"]]

    def of(self, code: str, *sale_items: str) -> tuple[tuple[str, ...], list[str]]:
        """The reasons against the code, and the reads for it by group: `text` or `fingerprints`."""
        self.read.clear()
        self._asked += 1
        answer = self._shop.ask(*sale_items, code=code, client=Client(session=f"s-{self._asked}")).code
        assert answer is not None
        read = {f"{pk.split('#')[3]} {'fingerprints' if '#F' in pk else 'text'}" for pk in self.read}
        return answer.reasons, sorted(read)


@pytest.fixture
def shop(dynalite: str) -> Shop:
    return Shop(new_table(dynalite))


@pytest.fixture
def warm(shop: Shop) -> Reads:
    """A process that knows the fingerprints of a list and of an ended one."""
    shop.lists(*CODES, of=group("living"))
    shop.lists(*(Entry(f"old-{number}") for number in range(100)), of=group("ended", expires_at=NOW))
    shop.sells({"seats": item("ended")})
    reads = Reads(shop)
    for number in range(2):
        reads.of(f"nothing-{number}")
    return reads


def test_a_first_check_reads_no_fingerprints_and_the_next_one_does(shop: Shop) -> None:
    shop.lists(*CODES)
    reads = Reads(shop)
    assert reads.of("nothing-1") == (("unknown_code",), ["list text"])
    assert reads.of("nothing-2") == (("unknown_code",), ["list fingerprints", "list text"])
    assert reads.of("nothing-3") == (("unknown_code",), [])


def test_a_code_is_looked_up_only_in_the_list_that_has_it(warm: Reads) -> None:
    assert warm.of("code-7") == ((), ["living text"])


def test_a_code_whose_rows_are_cached_is_looked_up_in_no_list(warm: Reads, monkeypatch: pytest.MonkeyPatch) -> None:
    warm.of("code-7")

    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(FingerprintCache, "narrow", fail)
    assert warm.of("code-7") == ((), [])
    with pytest.raises(AssertionError):
        warm.of("code-8")


def test_the_rows_of_a_first_lookup_do_not_keep_fingerprints_from_being_loaded(shop: Shop) -> None:
    shop.lists(*CODES)
    reads = Reads(shop)
    assert reads.of("code-7") == ((), ["list text"])
    assert reads.of("code-7") == ((), ["list fingerprints"])
    assert reads.of("nothing") == (("unknown_code",), [])


def test_a_code_of_an_ended_list_is_still_answered_as_ended(warm: Reads) -> None:
    assert warm.of("old-1", "seats") == (("group_expired",), ["ended text"])


def test_a_new_version_has_its_own_fingerprints(warm: Reads, shop: Shop) -> None:
    assert warm.of("fresh") == (("unknown_code",), [])
    shop.lists(*CODES[1:], Entry("fresh"), mode=Mode.REPLACE, of=group("living"))
    assert warm.of("fresh") == ((), ["living text"])
    assert warm.of("code-0")[0] == ("unknown_code",)


def test_an_overlay_has_its_own_fingerprints(warm: Reads, shop: Shop) -> None:
    shop.lists(CODES[7], mode=Mode.REMOVE, of=group("living"))
    assert warm.of("code-7") == (("unknown_code",), ["living text"])
    assert warm.of("code-8")[0] == ()
    shop.lists(Entry("added"), mode=Mode.APPEND, of=group("living"))
    assert warm.of("added")[0] == ()
    assert warm.of("code-7")[0] == ("unknown_code",)
    assert warm.of("nothing") == (("unknown_code",), [])


def test_a_list_that_an_earlier_release_wrote_is_read_as_before(warm: Reads, shop: Shop) -> None:
    index = GroupIndexes(shop.table).read_group_index("demo")
    living = index.groups["living"]
    assert living.base is not None
    shop.groups(replace(living, base=replace(living.base, fingerprints=False)))
    assert warm.of("nothing") == (("unknown_code",), ["living text"])
    assert warm.of("code-7")[0] == ()


def test_without_its_fingerprints_a_list_is_read(shop: Shop) -> None:
    shop.lists(*CODES)
    version = GroupIndexes(shop.table).read_group_index("demo").groups["list"].base
    assert version is not None
    shop.table.delete(keys.fingerprints("demo", "list", version.version_id, 0))
    reads = Reads(shop)
    for number in range(2):
        reads.of(f"nothing-{number}")
    assert reads.of("nothing") == (("unknown_code",), ["list text"])
    assert reads.of("code-7")[0] == ()


def test_redeeming_reads_no_list_that_lacks_the_code(warm: Reads, shop: Shop) -> None:
    warm.read.clear()
    assert shop.take(code="code-9").result.group_id == "living"
    assert {pk.split("#")[3] for pk in warm.read} == {"living"}


def test_the_index_of_an_earlier_release_is_read(shop: Shop) -> None:
    shop.lists(*CODES)
    pointer = GroupIndexes(shop.table).pointer("demo")
    stored_item = shop.table.get(pointer)
    assert stored_item is not None
    former = stored_item["content"].replace(',"f":"b"', "")
    assert former != stored_item["content"]
    shop.table.put({**stored_item, "content": former})
    version = GroupIndexes(Table(shop.table._client, shop.table._name)).read_group_index("demo").groups["list"].base  # noqa: SLF001
    assert version is not None
    assert not version.fingerprints
