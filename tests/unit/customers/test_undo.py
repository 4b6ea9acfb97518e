from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from guestlist.customers.importing import undo
from guestlist.customers.model import Customer
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.fakes.imports import START
from tests.unit.customers.harness import CustomerHarness

ANN, BOB, CY = "ann@example.com", "bob@example.com", "cy@example.com"


@pytest.fixture
def harness(tmp_path: Path) -> CustomerHarness:
    return furnished(tmp_path)


def furnished(folder: Path) -> CustomerHarness:
    """An import that moves Ann from the members to the press and adds the unknown Bob to it."""
    folder.mkdir(exist_ok=True)
    harness = CustomerHarness(folder)
    harness.group("Press")
    harness.member(ANN, harness.group("Members"), removal_at=START + timedelta(days=9))
    harness.customers.stored["demo", ANN] = Customer(email=ANN, name="Ann", created_at=START)
    harness.imported(f"Email,Name,Customer groups\n{ANN},Anna,Press\n{BOB},,Press\n")
    return harness


def test_an_undo_restores_memberships(harness: CustomerHarness) -> None:
    undone = harness.undone()
    assert (undone.at, undone.texts()) == (START, ())
    (member,) = harness.memberships.stored.values()
    assert (member.email, member.removal_at, member.reason) == (ANN, START + timedelta(days=9), "me")


def test_the_history_names_who_requested_the_undo(harness: CustomerHarness) -> None:
    record = harness.imports.get_import("demo", "imp-1")
    harness.imports.save_import(replace(record, undone_by="day shift"))
    harness.undone()
    assert {
        audit_entry.by
        for _, audit_entry in harness.memberships.audit_entries
        if audit_entry.text("en").startswith("undo of")
    } == {"day shift"}


def test_an_undo_deletes_no_customers(harness: CustomerHarness) -> None:
    harness.undone()
    assert harness.customers.get_customer("demo", BOB)


def test_a_membership_that_changed_since_is_kept_and_named(harness: CustomerHarness) -> None:
    key = next(key for key in harness.memberships.stored if key[1] == BOB)
    membership = replace(harness.memberships.stored[key], removal_at=START + timedelta(days=1))
    harness.memberships.stored[key] = membership
    (sentence,) = harness.undone().texts()
    assert BOB in sentence
    assert harness.memberships.stored[key] == membership


def test_an_undo_restores_a_name_unless_it_changed_since(harness: CustomerHarness) -> None:
    names = {ANN: "Ann", BOB: "", CY: "Cy"}
    for email, name in names.items():
        harness.customers.stored["demo", email] = Customer(email=email, name=name, created_at=START)
    harness.imported(f"Email,Name\n{ANN},Other\n{BOB},Bob\n{CY},Cyd\n", "imp-2")
    harness.customers.rename("demo", CY, "Cyril")
    (sentence,) = harness.undone("imp-2").texts()
    assert {email: harness.customers.stored["demo", email].name for email in names} == {
        ANN: "Ann",
        BOB: "",
        CY: "Cyril",
    }
    assert sentence == f"The name of {CY} was changed since, and stays as it is."


def test_an_undo_skips_names_of_erased_people(harness: CustomerHarness) -> None:
    harness.imported(f"Email,Name\n{BOB},Robert\n", "imp-2")
    del harness.customers.stored["demo", BOB]
    assert harness.undone("imp-2").texts() == ()
    assert harness.customers.get_customer("demo", BOB) is None


def test_the_first_names_kept_by_an_undo_are_listed_and_the_others_counted(
    harness: CustomerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "MAX_NAMED", 1)
    harness.customers.ensure_customers("demo", [Customer(email=ANN, name="Ann", created_at=START)])
    harness.imported(f"Email,Name\n{ANN},Other\n{BOB},Bob\n", "imp-2")
    for email in (ANN, BOB):
        harness.customers.rename("demo", email, "Since")
    assert [sentence.partition(" ")[0] for sentence in harness.undone("imp-2").texts()] == ["The", "1"]


def test_the_first_memberships_kept_by_an_undo_are_named_and_the_others_counted(
    harness: CustomerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "MAX_NAMED", 1)
    harness.memberships.stored = {
        key: replace(one, removal_at=START + timedelta(days=1)) for key, one in harness.memberships.stored.items()
    }
    assert harness.undone().texts()[-1].startswith("1 more membership was changed")


def test_a_second_undo_changes_nothing(harness: CustomerHarness) -> None:
    harness.undone()
    before, audit_entries = harness.state(), len(harness.memberships.audit_entries)
    assert harness.undone().texts() == ()
    assert (harness.state(), len(harness.memberships.audit_entries)) == (before, audit_entries)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 9))
def test_an_interrupted_undo_ends_the_same_when_run_again(tmp_path: Path, at: int, after: bool) -> None:
    whole, broken = furnished(tmp_path / "whole"), furnished(tmp_path / "broken")
    with pytest.raises(Killed):
        broken.undone(injector=CrashInjector(at, after=after))
    assert broken.undone() == whole.undone()
    assert broken.state() == whole.state()
