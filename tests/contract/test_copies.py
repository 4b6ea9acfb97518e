"""Copies of the item that every check reads: no copy gives an outdated response."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from guestlist.aws import keys
from guestlist.aws.copies import COPIES, MIN_AGE_OF_COPIES
from guestlist.aws.table import Table
from guestlist.checkout.request import Client
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.model import Mode
from guestlist.lists.entry import Entry
from guestlist.model.errors import Unauthenticated
from guestlist.organisers.model import Scope, Token, hash_token
from guestlist.organisers.store import Organisers
from tests.engines.tables import new_table, on_requests
from tests.fakes.shop import Shop
from tests.unit.checkout.builders import item

PARTITION_UNITS = 3_000
CHECKS = 10 * COPIES


@pytest.fixture(params=["ministack", "dynalite"])
def shop(request: pytest.FixtureRequest) -> Shop:
    """A process that has read the items themselves once, long after they got their copies."""
    new_shop = Shop(new_table(request.getfixturevalue(request.param)))
    new_shop.lists(Entry("testing1", quantity=5), Entry("other"))
    new_shop.sells({"seats": item("list")})
    return with_settled_copies(new_shop)


def with_settled_copies(shop: Shop) -> Shop:
    pointer = shop.table.get(GroupIndexes(shop.table).pointer("demo")) or {}
    shop.now = datetime.fromisoformat(pointer["copied_at"]) + 2 * MIN_AGE_OF_COPIES
    reasons(shop)
    return shop


def reasons(shop: Shop, code: str = "testing1") -> tuple[str, ...]:
    answer = shop.ask("seats", code=code, client=Client(session=str(shop.attempt()))).code
    assert answer is not None
    return answer.reasons


def partitions(shop: Shop, checks: int) -> Counter[str]:
    """The number of items read by partition."""
    read: Counter[str] = Counter()

    def note(operation: str, request: dict[str, Any]) -> None:
        if operation == "BatchGetItem":
            read.update(key["pk"]["S"] for batch in request["RequestItems"].values() for key in batch["Keys"])

    on_requests(shop.table, "before-call", note)
    for number in range(checks):
        assert reasons(shop, f"unknown-{number}") == ("unknown_code",)
    return read


def test_no_partition_of_one_organiser_is_read_by_more_than_its_share_of_checks(shop: Shop) -> None:
    ((_, most),) = partitions(shop, CHECKS).most_common(1)
    assert PARTITION_UNITS * CHECKS / most >= 10_000


def test_a_removed_entry_is_found_through_no_copy(shop: Shop) -> None:
    assert [reasons(shop) for _ in range(COPIES)] == [()] * COPIES
    shop.lists(Entry("other"), mode=Mode.REPLACE)
    assert [reasons(shop) for _ in range(COPIES)] == [("unknown_code",)] * COPIES


def test_a_restriction_that_was_changed_is_found_in_every_copy(shop: Shop) -> None:
    shop.sells({"seats": item("nobody")})
    answers = [shop.ask("seats", code="testing1").items[0].purchasable for _ in range(COPIES)]
    assert answers == [False] * COPIES


def test_a_revoked_token_cannot_read_a_copy(shop: Shop) -> None:
    assert [reasons(shop) for _ in range(COPIES)] == [()] * COPIES
    token = Token(organiser_id="demo", scope=Scope.CHECKOUT, name="checkout", hash=hash_token(shop.bearer))
    Organisers(shop.table).delete_token(token)
    for _ in range(COPIES):
        with pytest.raises(Unauthenticated):
            shop.ask(code="testing1")


def test_copies_are_not_read_before_every_process_writes_them(shop: Shop) -> None:
    fresh = Shop(shop.table, "demo")
    fresh.now = shop.now - 2 * MIN_AGE_OF_COPIES
    for _ in range(3):
        reasons(fresh)
    assert not any("#COPY#" in pk for pk in partitions(fresh, 3))


def test_a_pointer_of_an_earlier_release_is_read_itself_until_its_next_write(shop: Shop) -> None:
    indexes = GroupIndexes(shop.table)
    pointer = shop.table.get(indexes.pointer("demo")) or {}
    index = indexes.read_group_index("demo")
    shop.table.put({name: value for name, value in pointer.items() if name not in {"copies", "copied_at"}})
    fresh = Shop(Table(shop.table._client, shop.table._name), "demo")  # noqa: SLF001
    fresh.now = shop.now
    reasons(fresh)
    assert [pk for pk in partitions(fresh, 1) if pk == indexes.pointer("demo").pk]
    shop.groups(*index.groups.values())
    assert shop.table.get(indexes.pointer("demo").copy(0))["number"] == index.number + 1  # type: ignore[index]


def test_tokens_are_listed_once(shop: Shop) -> None:
    assert [token.name for token in Organisers(shop.table).tokens("demo")] == ["checkout"]
    assert shop.table.get(keys.token("demo", hash_token(shop.bearer)).copy(COPIES - 1)) is not None
