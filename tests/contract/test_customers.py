"""Customers: both engines and the fake behave the same."""

from datetime import UTC, datetime, timedelta

import pytest

from guestlist.aws import person_keys
from guestlist.aws.table import Table
from guestlist.customers import store
from guestlist.customers.model import SHARDS, Customer, shard_of
from guestlist.customers.store import Customers
from guestlist.model.errors import ConcurrentModification
from tests.engines.tables import all_items, new_table
from tests.fakes.groups import FakeCustomers

NOW = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=1)

Store = Customers | FakeCustomers


@pytest.fixture(params=["fake", "ministack", "dynalite", "many at once"])
def customers(request: pytest.FixtureRequest) -> Store:
    """Customers in memory, on each engine, and inserted many at once, names in blocks, on the one that can."""
    if request.param == "fake":
        return FakeCustomers()
    if request.param == "many at once":
        table = new_table(request.getfixturevalue("ministack"))
        request.getfixturevalue("monkeypatch").setattr(store, "BLOCK_FROM", 1)
        return Customers(table, table.insert_many)
    return Customers(new_table(request.getfixturevalue(request.param)))


def person(email: str, name: str = "", at: datetime = NOW) -> Customer:
    return Customer(email=email, name=name, created_at=at)


def emails(people: list[Customer]) -> list[str]:
    return [customer.email for customer in people]


def test_a_customer_is_found_by_the_e_mail_in_any_case_and_kept_as_written(customers: Store) -> None:
    ann = person("Ann@Example.com", "Ann Jones")
    assert customers.ensure_customers("demo", [ann]) == {"ann@example.com": ann}
    assert customers.get_customer("demo", "aNN@example.COM") == ann
    assert customers.get_customers("demo", ["ANN@example.com", "bob@example.com"]) == {"ann@example.com": ann}


@pytest.mark.behaviour(117)
def test_another_organiser_does_not_have_the_customer(customers: Store) -> None:
    customers.ensure_customers("demo", [person("ann@example.com", "Ann")])
    assert customers.get_customer("other", "ann@example.com") is None
    assert customers.search_customers("other", "ann", 10) == []


@pytest.mark.behaviour(76)
def test_an_existing_customer_is_not_overwritten(customers: Store) -> None:
    ann = person("Ann@example.com", "Ann")
    customers.ensure_customers("demo", [ann])
    assert customers.ensure_customers("demo", [person("ann@example.com", "Anna", LATER)]) == {"ann@example.com": ann}
    assert customers.get_customer("demo", "ann@example.com") == ann
    assert customers.search_customers("demo", "anna", 10) == []


def test_an_empty_name_is_filled_in(customers: Store) -> None:
    customers.ensure_customers("demo", [person("ann@example.com")])
    customers.ensure_customers("demo", [person("ANN@example.com", "Ann", LATER)])
    assert customers.get_customer("demo", "ann@example.com") == person("ann@example.com", "Ann")
    assert emails(customers.search_customers("demo", "An", 10)) == ["ann@example.com"]


def test_of_two_concurrent_additions_of_a_person_the_first_is_stored(customers: Store) -> None:
    customers_by_email = customers.ensure_customers(
        "demo", [person("ann@example.com", "First"), person("ANN@example.com", "Second")]
    )
    assert customers_by_email == {"ann@example.com": person("ann@example.com", "First")}
    assert customers.search_customers("demo", "second", 10) == []


@pytest.mark.behaviour(193, 194, 195)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a", ["a@example.com", "ab@example.com", "z@example.com"]),
        ("AB", ["ab@example.com"]),
        ("jon", ["z@example.com"]),
        ("adèle j", ["z@example.com"]),
        ("z@ex", ["z@example.com"]),
        ("onze", []),
        ("zz", []),
    ],
)
def test_customers_are_found_as_their_e_mail_or_name_is_typed(
    customers: Store, query: str, expected: list[str]
) -> None:
    customers.ensure_customers(
        "demo",
        [person("z@example.com", "Adele Jonze"), person("a@example.com", "Bea"), person("ab@example.com", "Abe")],
    )
    assert emails(customers.search_customers("demo", query, 10)) == expected


def test_a_list_is_sorted_by_e_mail_over_all_shards_and_pages(customers: Store) -> None:
    everybody = sorted(f"{letter}{number}@example.com" for letter in "abc" for number in range(3 * SHARDS))
    customers.ensure_customers("demo", [person(email, f"N {email[0]}") for email in reversed(everybody)])
    all_emails: list[str] = []
    while page := customers.list_customers("demo", 10, all_emails[-1] if all_emails else ""):
        all_emails += emails(page)
    assert all_emails == everybody
    assert emails(customers.search_customers("demo", "b", 1000)) == [email for email in everybody if email[0] == "b"]
    assert emails(customers.search_customers("demo", "b", 5, "b10@example.com"))[0] == "b11@example.com"
    assert customers.search_customers("demo", "b", 5, "c") == []


def test_a_name_that_was_not_stored_leaves_no_search_word(table: Table) -> None:
    class Late(Customers):
        def get_customers(self, *_args: object) -> dict[str, Customer]:
            return {}

    Customers(table).ensure_customers("demo", [person("ann@example.com", "Ann Jones")])
    Late(table).ensure_customers("demo", [person("ann@example.com", "Anna Jones")])
    partitions = [person_keys.customer_word("demo", shard, "", "").pk for shard in range(SHARDS)]
    words = [item["sk"].split("\x1f")[0] for pk in partitions for item in table.query_all(pk)]
    assert words == ["ann jones", "jones"]


def test_a_renamed_customer_is_found_by_the_new_name_alone(customers: Store) -> None:
    customers.ensure_customers("demo", [person("ann@example.com", "Ann Jones")])
    assert customers.rename("demo", "ANN@example.com", "Anna Smith") == person("ann@example.com", "Anna Smith")
    assert customers.get_customer("demo", "ann@example.com") == person("ann@example.com", "Anna Smith")
    assert emails(customers.search_customers("demo", "smith", 10)) == ["ann@example.com"]
    assert emails(customers.search_customers("demo", "anna", 10)) == ["ann@example.com"]
    assert customers.search_customers("demo", "jones", 10) == []


def test_a_removed_name_can_be_set_again(customers: Store) -> None:
    customers.ensure_customers("demo", [person("ann@example.com", "Ann")])
    assert customers.rename("demo", "ann@example.com", "") == person("ann@example.com")
    assert customers.rename("demo", "ann@example.com", "Bea") == person("ann@example.com", "Bea")
    assert emails(customers.search_customers("demo", "bea", 10)) == ["ann@example.com"]


def test_several_customers_are_renamed_at_once_and_unknown_ones_are_not_created(customers: Store) -> None:
    customers.ensure_customers(
        "demo", [person("ann@example.com", "Ann"), person("bob@example.com", "Bob")], existing={}
    )
    customers.rename_each("demo", {"ann@example.com": "Anna", "bob@example.com": "Rob", "cy@example.com": "Cy"})
    assert customers.list_customers("demo", 10) == [person("ann@example.com", "Anna"), person("bob@example.com", "Rob")]
    assert emails(customers.search_customers("demo", "rob", 10)) == ["bob@example.com"]


def test_renaming_creates_no_customer(customers: Store) -> None:
    assert customers.rename("demo", "ann@example.com", "Ann") is None
    assert customers.search_customers("demo", "ann", 10) == []


def test_a_rename_that_loses_a_race_keeps_the_search_words_of_the_winner(table: Table) -> None:
    class Late(Customers):
        def get_customer(self, org: str, email: str) -> Customer | None:
            customer = super().get_customer(org, email)
            if customer and not renames:
                renames.append(Customers(table).rename(org, email, "Bea Jones"))
            return customer

    renames: list[Customer | None] = []
    Customers(table).ensure_customers("demo", [person("ann@example.com", "Ann Jones")])
    with pytest.raises(ConcurrentModification):
        Late(table).rename("demo", "ann@example.com", "Cas Jones")
    partitions = [person_keys.customer_word("demo", shard, "", "").pk for shard in range(SHARDS)]
    words = [(item["sk"].split("\x1f")[0], item["name"]) for pk in partitions for item in table.query_all(pk)]
    assert words == [("bea jones", "Bea Jones"), ("jones", "Bea Jones")]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Bjørn Åberg", "bjorn"),
        ("Bjørn Åberg", "Bjør"),
        ("Łukasz Nowak", "luk"),
        ("Işık Yılmaz", "isik"),
        ("Işık Yılmaz", "yil"),
        ("Pat O’Hara", "O'Hara"),
        ("Pat O'Hara", "O’Hara"),
        ("Pat O´Hara", "o'h"),
    ],
)
def test_a_name_is_found_as_a_plain_keyboard_types_it(customers: Store, name: str, query: str) -> None:
    customers.ensure_customers("demo", [person("p@example.com", name)])
    assert emails(customers.search_customers("demo", query, 10)) == ["p@example.com"]


def test_a_name_stored_by_an_earlier_version_is_found_and_redacted(table: Table) -> None:
    customer_store = Customers(table)
    customer_store.ensure_customers("demo", [person("p@example.com", "Bjørn Berg")])
    former = person_keys.customer_word("demo", shard_of("p@example.com"), "bjørn berg", "p@example.com")
    table.delete(person_keys.customer_word("demo", shard_of("p@example.com"), "bjorn berg", "p@example.com"))
    table.put({**former._asdict(), "name": "Bjørn Berg"})
    for query in ("bjø", "bj", "b"):
        assert list(customer_store.find_by_name("demo", query)) == ["p@example.com"], query
    customer_store.rename("demo", "p@example.com", "Ann")
    assert table.get(former) is None


FIRST = ["Ann", "Anna", "Åsa", "Bjørn", "J.", "Jo", "Joe", "John", "Pat", "Łukasz"]
LAST = ["Smith", "Smythe", "O’Hara", "van Dam", "Jones", "Å", "Aberg", "sMall", "Nowak ", "de  la Cruz"]


def many_people() -> list[Customer]:
    names = [f"{first} {last}" for first in FIRST for last in LAST]
    return [person(f"p{number:03d}@example.com", name) for number, name in enumerate(names)]


def test_names_stored_in_blocks_are_found_like_single_ones(ministack: str) -> None:
    table, fake, everybody = new_table(ministack), FakeCustomers(), many_people()
    customers = Customers(table, table.insert_many)
    assert customers.ensure_customers("demo", everybody) == fake.ensure_customers("demo", everybody)
    words = [item for item in all_items(table) if item["pk"].startswith("O#demo#NAMES#")]
    assert words == []
    for text in ["a", "an", "ann s", "ANNA SM", "å", "j", "J.", "joe", "luk", "de la c", "o’h", "sm", "x"]:
        assert sorted(customers.find_by_name("demo", text)) == sorted(fake.find_by_name("demo", text)), text


def test_many_names_take_few_items(ministack: str) -> None:
    table = new_table(ministack)
    Customers(table, table.insert_many).ensure_customers("demo", many_people())
    blocks = [item for item in all_items(table) if item["pk"] == person_keys.name_blocks("demo")]
    assert len(blocks) < len(many_people()) / 2


def test_a_customer_created_meanwhile_leaves_the_name_block(ministack: str) -> None:
    class Late(Customers):
        def get_customers(self, *_args: object) -> dict[str, Customer]:
            return {}

    table, everybody = new_table(ministack), many_people()
    Customers(table).ensure_customers("demo", [person(everybody[0].email, "Zoë Quick"), person(everybody[1].email)])
    customers_by_email = Late(table, table.insert_many).ensure_customers("demo", everybody)
    names = [customers_by_email[customer.key].name for customer in everybody[:2]]
    assert names == ["Zoë Quick", everybody[1].name]
    customer_store = Customers(table)
    assert everybody[0].key not in list(customer_store.find_by_name("demo", everybody[0].name))
    assert list(customer_store.find_by_name("demo", "zoe")) == [everybody[0].key]
    assert everybody[1].key in list(customer_store.find_by_name("demo", everybody[1].name))
    blocks = [item["people"] for item in all_items(table) if item["pk"] == person_keys.name_blocks("demo")]
    assert not any(customer.key in text for customer in everybody[:2] for text in blocks)


def test_sweeping_removes_a_name_from_its_block_also_without_a_profile(ministack: str) -> None:
    table, everybody = new_table(ministack), many_people()
    customers = Customers(table, table.insert_many)
    customers.ensure_customers("demo", everybody)
    for customer in everybody:
        table.delete(person_keys.profile("demo", customer.email))
    customers.remove_person_from_blocks("demo", everybody[0].email.upper())
    remaining = [item["people"] for item in all_items(table) if item["pk"] == person_keys.name_blocks("demo")]
    assert not any(everybody[0].key in text for text in remaining)
    assert any(everybody[1].key in text for text in remaining)
