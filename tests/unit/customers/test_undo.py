from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from guestlist.customers.importing import undo
from tests.fakes.breaking import Fuse, Killed
from tests.fakes.imports import START
from tests.unit.customers.floor import CustomerFloor

ANN, BOB = "ann@example.com", "bob@example.com"
HEAD = "Email,Customer groups\n"


@pytest.fixture
def floor(tmp_path: Path) -> CustomerFloor:
    return furnished(tmp_path)


def furnished(folder: Path) -> CustomerFloor:
    """Ann of the members becomes one of the press, and Bob, whom nobody knew, too."""
    folder.mkdir(exist_ok=True)
    floor = CustomerFloor(folder)
    floor.group("Press")
    floor.member(ANN, floor.group("Members"), removal_at=START + timedelta(days=9))
    floor.imported(f"{HEAD}{ANN},Press\n{BOB},Press\n")
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
@pytest.mark.parametrize("at", range(1, 7))
def test_one_that_was_broken_off_ends_the_same_when_run_again(tmp_path: Path, at: int, after: bool) -> None:
    whole, broken = furnished(tmp_path / "whole"), furnished(tmp_path / "broken")
    with pytest.raises(Killed):
        broken.undone(fuse=Fuse(at, after=after))
    assert broken.undone() == whole.undone()
    assert broken.state() == whole.state()
