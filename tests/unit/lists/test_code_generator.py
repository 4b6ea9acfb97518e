"""Generated codes are random, unique, and detect typing errors."""

from collections.abc import Collection
from dataclasses import replace
from secrets import randbelow

import pytest

from guestlist.aws.table import Table
from guestlist.groups.index import GroupIndex, ScheduledVersion
from guestlist.imports.model import Mode
from guestlist.lists import partition
from guestlist.lists.code_generator import ALPHABET, CodesRequest, generate_codes
from guestlist.lists.codes_in_use import codes_in_use
from guestlist.lists.entry import Entry, code_key
from guestlist.lists.store import PackedListStore
from guestlist.model.errors import Guessable, Invalid
from tests.simulation.network import Model
from tests.unit.checkout.builders import NOW, group
from tests.unit.lists.builders import StoredList


def is_valid(letters: str) -> bool:
    """Whether the letters, as digits to base 23 weighted by powers of 5, sum to a multiple of 23."""
    weighted = (ALPHABET.find(letter) * pow(5, at, 23) for at, letter in enumerate(reversed(letters)))
    return set(letters) <= set(ALPHABET) and sum(weighted) % 23 == 0


def none(_keys: Collection[str]) -> set[str]:
    return set()


def test_the_requested_number_of_distinct_codes_has_prefix_and_length() -> None:
    codes = generate_codes(CodesRequest(count=2_000, prefix="A-", length=12), none, randbelow)
    assert len(set(codes)) == len(codes) == 2_000
    assert {(code[:2], len(code)) for code in codes} == {("A-", 14)}
    assert all(is_valid(code[2:]) for code in codes)


def test_the_check_letter_detects_a_wrong_letter_and_two_exchanged_neighbours() -> None:
    (code,) = generate_codes(CodesRequest(count=1, length=32), none, randbelow)
    for at, right in enumerate(code):
        wrong = [f"{code[:at]}{other}{code[at + 1 :]}" for other in ALPHABET if other != right]
        assert not any(map(is_valid, wrong))
        swapped = f"{code[:at]}{code[at + 1 : at + 2]}{right}{code[at + 2 :]}"
        assert swapped == code or not is_valid(swapped)


def test_codes_contain_no_letters_that_look_alike() -> None:
    assert set("0125BEILOQSVZ").isdisjoint(ALPHABET)
    assert not is_valid("O" * 10)


def test_a_code_in_use_is_generated_again() -> None:
    queried: list[set[str]] = []

    def first_are_taken(keys: Collection[str]) -> set[str]:
        queried.append(set(keys))
        return set(keys) if len(queried) == 1 else set()

    codes = generate_codes(CodesRequest(count=5), first_are_taken, randbelow)
    assert {code_key(code) for code in codes} == queried[1]
    assert queried[0].isdisjoint(queried[1])


@pytest.mark.parametrize("requested", [1, 20_000])
@pytest.mark.parametrize("append", [False, True])
def test_the_codes_of_a_list_are_in_use(append: bool, requested: int) -> None:
    table: Table = Model().table()
    stored_list = StoredList(PackedListStore(table, "demo", "list"))
    stored_list.apply(Mode.CREATE, [Entry(f"CODE{number}") for number in range(500)])
    if append:
        stored_list.apply(Mode.APPEND, [Entry("LATER")])
    listed = group(base=stored_list.current.base, overlay=stored_list.current.overlay)
    codes = ["code7", *(f"other{number}" for number in range(requested)), *(["later"] if append else [])]
    matches = codes_in_use(table, "demo", GroupIndex(1, {"list": listed}), codes)
    assert matches == {"code7", *(["later"] if append else [])}


def test_the_codes_of_a_scheduled_list_are_in_use() -> None:
    table: Table = Model().table()
    stored_list = StoredList(PackedListStore(table, "demo", "list"))
    coming = stored_list.apply(Mode.CREATE, [Entry("SOON")]).base
    assert coming is not None
    listed = group(scheduled=(ScheduledVersion(NOW, coming, 1),))
    assert codes_in_use(table, "demo", GroupIndex(1, {"list": listed}), ["soon", "other"]) == {"soon"}


def test_generating_many_codes_costs_no_more_with_many_short_lists() -> None:
    model = Model()
    table: Table = model.table()
    groups = {}
    for number in range(30):
        stored_list = StoredList(PackedListStore(table, "demo", f"list{number}"))
        stored_list.apply(Mode.CREATE, [Entry(f"CODE{number}")])
        groups[f"list{number}"] = replace(group(base=stored_list.current.base), group_id=f"list{number}")
    looked: list[str] = []
    keys = [f"key{number}" for number in range(1_000)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partition, "find", lambda _text, key: looked.append(key))
        assert codes_in_use(table, "demo", GroupIndex(1, groups), [*keys, "code29"]) == {"code29"}
    assert looked == []


@pytest.mark.parametrize(("count", "length", "guessable"), [(3_404, 8, False), (3_405, 8, True), (100_000, 10, False)])
def test_codes_that_could_be_guessed_are_refused(count: int, length: int, guessable: bool) -> None:
    request = CodesRequest(count=count, length=length)
    if not guessable:
        request.require_unguessable()
        return
    with pytest.raises(Guessable):
        request.require_unguessable()


def test_a_personal_code_is_generated_for_each_address() -> None:
    request = CodesRequest(emails=("a@example.org", "b@example.org"), seat="A-1", quantity=3)
    rows = list(request.rows(generate_codes(request, none, randbelow)))
    assert [row[1:5] for row in rows[1:]] == [("a@example.org", "", "A-1", "3"), ("b@example.org", "", "A-1", "3")]


def test_the_number_of_codes_is_required_or_follows_from_the_addresses() -> None:
    with pytest.raises(Invalid):
        CodesRequest()
    with pytest.raises(Invalid):
        CodesRequest(count=2, emails=("a@example.org",))


@pytest.mark.parametrize("field", ["category", "seat"])
def test_values_that_no_file_can_contain_are_refused_at_once(field: str) -> None:
    for text in ("Gold\nSilver", "\x07", "#REF!"):
        with pytest.raises(Invalid):
            CodesRequest(count=1, **{field: text})
    assert CodesRequest(count=1, **{field: "\ufeffGold 1"})
