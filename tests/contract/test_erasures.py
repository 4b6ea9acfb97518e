"""Erasures in a table: stored with the address while they run, and without it afterwards."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from guestlist.aws import person_keys
from guestlist.aws.idempotency import Claim, IdempotencyStore, Request, StoredResponse
from guestlist.aws.table import Table
from guestlist.customers.importing.journal import Journal
from guestlist.customers.importing.names import NameChange
from guestlist.erasure.model import REDACTED, AddressMatcher, Erasure, ErasureProgress, Proof, Step
from guestlist.erasure.store import Erasures
from guestlist.groups.membership import Change, Membership, Source
from guestlist.model.errors import ConcurrentModification
from tests.engines.tables import contents, keyed

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
ANN, BOB = "Ann@Example.com", "bob@example.com"
ERASURE = Erasure(email=ANN, asked_at=NOW, by="me")
PLACE = person_keys.erasure("demo", ANN)


@pytest.fixture
def erasures(table: Table) -> Erasures:
    """A store with an erasure of Ann that was just requested."""
    erasures = Erasures(table)
    erasures.begin("demo", ERASURE)
    return erasures


def test_an_erasure_is_due_until_its_end_and_then_names_nobody(table: Table, erasures: Erasures) -> None:
    assert list(erasures.due(NOW - timedelta(seconds=1))) == []
    assert list(erasures.due(NOW)) == [PLACE]
    erasures.end("demo", ERASURE, LATER)
    assert list(erasures.due(LATER)) == []
    assert erasures.get_erasure(PLACE, LATER) is None
    assert erasures.proof("demo", ANN.upper()) == Proof(asked_at=NOW, by="me", done_at=LATER)
    assert not AddressMatcher(ANN).matches(str(contents(table)))


@pytest.mark.parametrize(
    ("after", "late"), [(timedelta(0), 0), (timedelta(days=1), 0), (timedelta(days=1, microseconds=1), 1)]
)
def test_an_erasure_that_takes_over_a_day_is_counted_until_its_end(
    erasures: Erasures, after: timedelta, late: int
) -> None:
    erasures.save_progress(
        "demo", ERASURE, ErasureProgress(), LATER + after
    )  # it waits for somebody who was writing meanwhile
    assert erasures.overdue(NOW + after) == late
    erasures.end("demo", ERASURE, LATER)
    assert erasures.overdue(NOW + after) == 0


def test_the_progress_of_an_erasure_is_stored(erasures: Erasures) -> None:
    progress = ErasureProgress(
        step=Step.LISTS, after="g1", done=("v1",), version_id="v2", bucket=50, changed=True, again=True
    )
    erasures.save_progress("demo", ERASURE, progress, LATER)
    assert erasures.get_erasure(PLACE, NOW) is None, "it waits"
    erasure = erasures.get_erasure(PLACE, LATER)
    assert erasure
    assert (erasure.email, erasure.progress) == (ANN.lower(), progress)
    assert list(erasures.due(NOW)) == []
    assert list(erasures.due(LATER)) == [PLACE]


def test_a_proof_is_stored_under_a_keyed_digest(table: Table) -> None:
    store = Erasures(keyed(table, b"key"))
    store.begin("demo", ERASURE)
    store.end("demo", ERASURE, LATER)
    assert store.proof("demo", ANN) == Proof(asked_at=NOW, by="me", done_at=LATER)
    assert Erasures(table).proof("demo", ANN) is None
    assert Erasures(keyed(table, b"another")).proof("demo", ANN) is None
    assert PLACE.pk not in {item["pk"] for item in contents(table)}


def test_an_erasure_stored_without_a_person_key_continues_and_is_moved(table: Table, erasures: Erasures) -> None:
    store = Erasures(keyed(table, b"key"))
    assert store.save_progress("demo", ERASURE, ErasureProgress(step=Step.FILES)).progress.step is Step.FILES
    store.end("demo", ERASURE, LATER)
    assert store.proof("demo", ANN) == erasures.proof("demo", ANN) == Proof(asked_at=NOW, by="me", done_at=LATER)
    anew = Erasure(email=ANN, asked_at=LATER, by="you")
    store.begin("demo", anew)
    assert erasures.proof("demo", ANN) is None
    assert store.proof("demo", ANN) == Proof(asked_at=LATER, by="you", done_at=None)
    assert list(store.due(LATER)) == [store.key_of("demo", ANN)]


def test_each_organiser_has_its_own_erasures(erasures: Erasures) -> None:
    assert erasures.proof("other", ANN) is None
    assert person_keys.erasure("other", ANN).pk.rpartition("#")[2] != PLACE.pk.rpartition("#")[2]


def test_an_erasure_requested_again_does_not_end_with_the_former_one(erasures: Erasures) -> None:
    erasures.begin("demo", Erasure(email=ANN, asked_at=LATER, by="you"))
    with pytest.raises(ConcurrentModification):
        erasures.save_progress("demo", ERASURE, ErasureProgress(step=Step.FILES))
    with pytest.raises(ConcurrentModification):
        erasures.end("demo", ERASURE, LATER)


def test_an_erasure_requested_again_before_its_end_starts_over(erasures: Erasures) -> None:
    erasures.save_progress("demo", ERASURE, ErasureProgress(), LATER)  # it waits, for somebody may still be writing
    repeat = Erasure(email=ANN, asked_at=NOW, by="me")
    assert erasures.begin("demo", repeat).progress.again
    erasure = erasures.get_erasure(PLACE, NOW)
    assert erasure
    assert erasure.progress == ErasureProgress(again=True)
    erasures.end("demo", ERASURE, LATER)
    assert not erasures.begin("demo", repeat).progress.again


def test_one_worker_at_a_time_runs_an_organisers_erasures(erasures: Erasures) -> None:
    assert erasures.claim("demo", "w1", NOW, LATER)
    assert not erasures.claim("demo", "w2", NOW, LATER)
    assert erasures.claim("other", "w2", NOW, LATER)
    erasures.release("demo", "w2")
    assert not erasures.claim("demo", "w2", NOW, LATER)
    erasures.release("demo", "w1")
    assert erasures.claim("demo", "w2", NOW, LATER)


def test_the_claim_of_a_silent_worker_ends(erasures: Erasures) -> None:
    erasures.claim("demo", "w1", NOW, LATER)
    assert erasures.claim("demo", "w2", LATER + timedelta(seconds=1), LATER + timedelta(minutes=15))


def test_stored_responses_that_name_the_person_are_found_and_redacted(table: Table) -> None:
    answers, request = IdempotencyStore(table), Request("demo", "till", "key-1", "f")
    assert isinstance(answers.claim(request, NOW), Claim)
    answers.save_response(request, StoredResponse(201, f'{{"customer":{{"email":"{ANN}"}},"others":["{BOB}"]}}'))
    answers.redact("demo", AddressMatcher(ANN))
    second = answers.claim(request, NOW)
    assert second == StoredResponse(201, f'{{"customer":{{"email":"{REDACTED}"}},"others":["{BOB}"]}}')
    assert not AddressMatcher(ANN).matches(str(contents(table)))


def test_a_name_beside_the_address_in_a_stored_response_is_redacted_too(table: Table) -> None:
    answers, request = IdempotencyStore(table), Request("demo", "till", "key-1", "f")
    answers.claim(request, NOW)
    people = [{"email": ANN, "name": "Ann Smith"}, {"email": BOB, "name": "Bob"}]
    answers.save_response(request, StoredResponse(200, json.dumps({"name": "Fest", "customers": people})))
    answers.redact("demo", AddressMatcher(ANN))
    second = answers.claim(request, NOW)
    assert isinstance(second, StoredResponse)
    remaining = [{"email": REDACTED, "name": ""}, {"email": BOB, "name": "Bob"}]
    assert json.loads(second.body) == {"name": "Fest", "customers": remaining}


def test_only_the_persons_changes_are_deleted_from_an_imports_journal(table: Table) -> None:
    journal = Journal(table)
    members = [Membership(email=who, group_id="g1", added_at=NOW, source=Source.IMPORT) for who in (ANN.lower(), BOB)]
    journal.append_changes("demo", "imp-1", [Change(before=None, after=one, by="me") for one in members])
    journal.append_names("demo", "imp-1", [NameChange(email=who, before="A", after="B") for who in (ANN.lower(), BOB)])
    journal.erase_person("demo", "imp-1", ANN, ["g0", "g1"])
    assert [name_change.email for name_change in journal.name_changes("demo", "imp-1")] == [BOB]
    assert [change.subject.email for change in journal.changes("demo", "imp-1")] == [BOB]
