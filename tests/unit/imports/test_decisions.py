"""A file with an open question waits, uses the suggestion or fails; a confirmation decides it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.web.validation import read
from guestlist.imports.decision import About, Suggested
from guestlist.imports.explanation import explanation_of
from guestlist.imports.file_options import LeaveOut, OnQuestion
from guestlist.imports.model import Counts, Import, Kind, Options, Reason, Source, Status
from guestlist.imports.request import Correction, ImportRequest
from guestlist.imports.result.mail import ResultText
from guestlist.imports.service import confirm
from guestlist.messages.message import texts_of
from guestlist.organisers.model import Organiser
from tests.fakes.imports import START
from tests.unit.imports.builders import TOKEN, an_import
from tests.unit.imports.harness import Harness, options

OPEN = "Email,Coupon,Status\na@x.nl,SPRING,paid\nb@x.nl,SPRING,refunded\nc@x.nl,,queried\n"
"""A promo code that was used, and a status that nobody knows."""


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(tmp_path)


def run_import(harness: Harness, text: str, **import_options: Any) -> Import:
    return harness.imported(text, options=options(**import_options), consent=harness.agreed)


def confirmed(harness: Harness, body: object) -> Import:
    """The import after it was confirmed with that body, run again."""
    record = harness.imports.get_import("demo", "imp-1")
    confirm(record, read(Correction, body), TOKEN, harness.clock.now(), harness.imports, harness.queue)
    return harness.run()


def emails(harness: Harness) -> list[str]:
    return [entry.email for entry in harness.entries()]


def test_a_waiting_import_has_its_questions_and_the_number_of_rows_to_import(harness: Harness) -> None:
    record = run_import(harness, OPEN)
    assert (record.status, record.reason) == (Status.AWAITING_REVIEW, Reason.DECISION_REQUIRED)
    assert record.counts == Counts(total=3, imported=0, refused=0, left_out=1, would_import=2)
    assert [(one.about, one.column) for one in record.decisions] == [
        (About.CODE_COLUMN, "Coupon"),
        (About.STATUS, "Status"),
    ]
    assert record.decisions[0].params == {"values": ("SPRING",), "reason": "used_promo"}
    assert explanation_of(record) == " ".join(decision.text("en") for decision in record.decisions)
    assert harness.imports.groups.indexes == {}


def test_a_suggestion_is_a_valid_confirmation(harness: Harness) -> None:
    record = run_import(harness, OPEN)
    assert record.suggested
    body = record.suggested.options()
    assert body == {"mapping": {"Email": 0}, "leave_out": LeaveOut(column="Status", values=("refunded",))}
    final_record = confirmed(harness, {**body, "leave_out": {"column": "Status", "values": ["refunded"]}})
    assert (final_record.status, final_record.decisions, final_record.suggested) == (Status.COMPLETE, (), None)
    assert final_record.counts == Counts(total=3, imported=2, refused=0, left_out=1)
    assert emails(harness) == ["a@x.nl", "c@x.nl"]


def test_an_empty_confirmation_accepts_the_suggestions(harness: Harness) -> None:
    run_import(harness, OPEN)
    assert confirmed(harness, {}).status is Status.COMPLETE
    assert emails(harness) == ["a@x.nl", "c@x.nl"]


def test_a_correction_that_makes_the_file_unreadable_has_no_expected_effect(harness: Harness) -> None:
    assert run_import(harness, "Code\nA\n", review=True).effect
    record = confirmed(harness, {"mapping": {"Code": "Nope"}})
    assert (record.reason, record.counts.would_import, record.effect) == (Reason.AMBIGUOUS_MAPPING, 0, None)


def test_a_confirmation_may_include_all_rows(harness: Harness) -> None:
    run_import(harness, OPEN)
    assert confirmed(harness, {"leave_out": None}).counts.left_out == 0
    assert emails(harness) == ["a@x.nl", "b@x.nl", "c@x.nl"]


def test_a_request_for_all_rows_excludes_none(harness: Harness) -> None:
    request = read(ImportRequest, {"kind": "target_group", "file_name": "f", "group": "Friends", "leave_out": None})
    assert request.options.all_rows
    record = run_import(harness, OPEN.replace(",SPRING", ","), all_rows=True)
    assert (record.status, record.counts.imported) == (Status.COMPLETE, 3)


def test_a_confirmation_may_say_which_columns_are_read(harness: Harness) -> None:
    run_import(harness, OPEN)
    confirmed(harness, {"mapping": {"Code": "Coupon", "Email": "Email"}, "leave_out": None})
    assert {entry.code for entry in harness.entries()} == {"SPRING", ""}


def test_a_file_may_be_imported_as_suggested_with_a_notice(harness: Harness) -> None:
    record = run_import(harness, OPEN, on_question=OnQuestion.SUGGESTED)
    assert (record.status, record.decisions) == (Status.COMPLETE, ())
    assert emails(harness) == ["a@x.nl", "c@x.nl"]
    assert record.detected
    taken_notes = [note for note in record.detected.texts() if note.startswith("Taken as suggested: ")]
    assert len(taken_notes) == 2
    assert "were imported" in taken_notes[-1] or "were imported" in taken_notes[0]
    assert not any("Confirm" in note for note in taken_notes)
    in_dutch = texts_of("note", record.detected.messages, "nl")
    assert sum(note.startswith("Genomen zoals voorgesteld: ") and "Confirm" not in note for note in in_dutch) == 2


def test_a_file_with_a_question_may_fail(harness: Harness) -> None:
    record = run_import(harness, OPEN, on_question=OnQuestion.FAIL)
    assert (record.status, record.reason) == (Status.FAILED, Reason.DECISION_REQUIRED)
    assert "“queried” in “Status”" in (explanation_of(record) or "")
    assert harness.imports.groups.indexes == {}


def dropped(harness: Harness) -> Source:
    key = "drop/demo/target-groups/Friends/f.csv"
    source = Source(key, "v1", len(OPEN), START, dropped=True)
    harness.files.objects[key, "v1"] = OPEN.encode()
    harness.upload("", source=source, status=Status.READING, due_at=START, consent=harness.agreed)
    return source


def test_the_organiser_of_a_dropped_file_with_a_question_is_mailed_once(harness: Harness) -> None:
    assert harness.run(dropped(harness)).reason is Reason.DECISION_REQUIRED
    assert harness.imports.waits == ["imp-1"]
    record = harness.imports.get_import("demo", "imp-1")
    confirm(record, Correction(review=True), TOKEN, harness.clock.now(), harness.imports, harness.queue)
    assert harness.run().reason is Reason.DECISION_REQUIRED
    assert harness.imports.waits == ["imp-1"]
    assert confirmed(harness, {}).status is Status.COMPLETE
    assert harness.imports.mails == ["imp-1"]


def test_the_mail_asks_each_question_and_leads_to_the_review(harness: Harness) -> None:
    record = harness.run(dropped(harness))
    organiser = Organiser(organiser_id="demo", name="Demo", time_zone="UTC")
    text = " ".join(ResultText(record, organiser, address="https://api.example").letter([]).text.split())
    for decision in record.decisions:
        assert text.count(decision.text("en")) == 1
    dutch = ResultText(record, replace(organiser, language="nl")).letter([]).text
    assert "Bevestig om ze te importeren" in " ".join(dutch.split())
    assert not [decision for decision in record.decisions if decision.text("en")[-40:] in " ".join(dutch.split())]
    assert f"https://api.example/#/imports/{record.import_id}" in text
    assert "Would be imported" in text


def test_a_waiting_import_of_an_earlier_version_counts_its_rows_as_not_imported_yet() -> None:
    waiting = an_import(status=Status.AWAITING_REVIEW, counts=Counts(3, 2, 1), expires_at=START + timedelta(days=7))
    assert waiting.at(START).counts == Counts(3, 0, 1, would_import=2)
    assert replace(waiting, status=Status.COMPLETE).at(START).counts == Counts(3, 2, 1)


def test_suggestions_of_all_rows_are_a_leave_out_of_null() -> None:
    assert Suggested(all_rows=True).options() == {"leave_out": None}


@pytest.mark.parametrize("items", [{"": "a"}, {"x" * 201: "a"}, {"A": "not an id"}], ids=["blank", "long", "no id"])
def test_labels_of_items_are_short_and_lead_to_ids(items: dict[str, str]) -> None:
    with pytest.raises(Exception, match="items"):
        read(Correction, {"items": items})


def test_items_are_for_purchases_alone() -> None:
    with pytest.raises(Exception, match="items"):
        read(Options, {"items": {"a b": "c d"}})
    assert read(Options, {"items": {"A b": "c"}}).items == {"A b": "c"}
    assert Kind.PURCHASES.value == "purchases"
