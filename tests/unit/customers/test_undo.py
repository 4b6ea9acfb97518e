from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from guestlist.customers.importing import undo
from guestlist.customers.model import Customer
from tests.fakes.breaking import Fuse, Killed
from tests.fakes.imports import START
from tests.unit.customers.floor import CustomerFloor

ANN, BOB, CY = "ann@example.com", "bob@example.com", "cy@example.com"


@pytest.fixture
def floor(tmp_path: Path) -> CustomerFloor:
    return furnished(tmp_path)


def furnished(folder: Path) -> CustomerFloor:
    """Ann of the members becomes one of the press, and Bob, whom nobody knew, too."""
    folder.mkdir(exist_ok=True)
    floor = CustomerFloor(folder)
    floor.group("Press")
    floor.member(ANN, floor.group("Members"), removal_at=START + timedelta(days=9))
    floor.customers.kept["demo", ANN] = Customer(email=ANN, name="Ann", created_at=START)
    floor.imported(f"Email,Name,Customer groups\n{ANN},Anna,Press\n{BOB},,Press\n")
    return floor


def test_memberships_become_what_they_were(floor: CustomerFloor) -> None:
    undone = floor.undone()
    assert (undone.at, undone.kept) == (START, ())
    (member,) = floor.memberships.kept.values()
    assert (member.email, member.removal_at, member.reason) == (ANN, START + timedelta(days=9), "me")


def test_who_asked_for_it_did_it(floor: CustomerFloor) -> None:
    record = floor.imports.get("demo", "imp-1")
    floor.imports.save(replace(record, undone_by="day shift"))
    floor.undone()
    assert {
        audit_entry.by for _, audit_entry in floor.memberships.audit_entries if audit_entry.why.startswith("undo of")
    } == {"day shift"}


def test_people_whom_the_import_made_customers_stay_customers(floor: CustomerFloor) -> None:
    floor.undone()
    assert floor.customers.get("demo", BOB)


def test_a_membership_that_was_changed_since_stays_and_is_named(floor: CustomerFloor) -> None:
    key = next(key for key in floor.memberships.kept if key[1] == BOB)
    changed = replace(floor.memberships.kept[key], removal_at=START + timedelta(days=1))
    floor.memberships.kept[key] = changed
    (sentence,) = floor.undone().kept
    assert BOB in sentence
    assert floor.memberships.kept[key] == changed


def test_a_name_becomes_what_it_was_unless_it_was_changed_since(floor: CustomerFloor) -> None:
    names = {ANN: "Ann", BOB: "", CY: "Cy"}
    for email, name in names.items():
        floor.customers.kept["demo", email] = Customer(email=email, name=name, created_at=START)
    floor.imported(f"Email,Name\n{ANN},Other\n{BOB},Bob\n{CY},Cyd\n", "imp-2")
    floor.customers.rename("demo", CY, "Cyril")
    (sentence,) = floor.undone("imp-2").kept
    assert {email: floor.customers.kept["demo", email].name for email in names} == {ANN: "Ann", BOB: "", CY: "Cyril"}
    assert sentence == f"The name of {CY} was changed since, and stays as it is."


def test_the_names_of_people_who_were_erased_since_are_passed_over(floor: CustomerFloor) -> None:
    floor.imported(f"Email,Name\n{BOB},Robert\n", "imp-2")
    del floor.customers.kept["demo", BOB]
    assert floor.undone("imp-2").kept == ()
    assert floor.customers.get("demo", BOB) is None


def test_of_very_many_names_that_stay_the_first_are_told_and_the_rest_counted(
    floor: CustomerFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "KEPT_NAMED", 1)
    floor.customers.ensure("demo", [Customer(email=ANN, name="Ann", created_at=START)])
    floor.imported(f"Email,Name\n{ANN},Other\n{BOB},Bob\n", "imp-2")
    for email in (ANN, BOB):
        floor.customers.rename("demo", email, "Since")
    assert [sentence.partition(" ")[0] for sentence in floor.undone("imp-2").kept] == ["The", "1"]


def test_of_very_many_that_stay_the_first_are_named_and_the_rest_counted(
    floor: CustomerFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "KEPT_NAMED", 1)
    floor.memberships.kept = {
        key: replace(one, removal_at=START + timedelta(days=1)) for key, one in floor.memberships.kept.items()
    }
    assert floor.undone().kept[-1].startswith("1 more membership was changed")


def test_a_second_time_changes_nothing(floor: CustomerFloor) -> None:
    floor.undone()
    before, audit_entries = floor.state(), len(floor.memberships.audit_entries)
    assert floor.undone().kept == ()
    assert (floor.state(), len(floor.memberships.audit_entries)) == (before, audit_entries)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 9))
def test_one_that_was_broken_off_ends_the_same_when_run_again(tmp_path: Path, at: int, after: bool) -> None:
    whole, broken = furnished(tmp_path / "whole"), furnished(tmp_path / "broken")
    with pytest.raises(Killed):
        broken.undone(fuse=Fuse(at, after=after))
    assert broken.undone() == whole.undone()
    assert broken.state() == whole.state()
