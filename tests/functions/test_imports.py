"""The calls for imports."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
import requests

from chalicelib.bootstrap import adapters
from guestlist.aws.settings import settings
from guestlist.imports.decision import About, decision
from guestlist.imports.job import refused_key
from guestlist.imports.model import Counts, Status
from guestlist.imports.notes import Detected, UndoResult, undo_result
from guestlist.imports.problem_record import ProblemRecord
from guestlist.imports.reading.problems import BadEmail
from guestlist.imports.service import UPLOAD_WAIT
from guestlist.messages.message import Message
from guestlist.model import clock
from tests.functions.conftest import Api

REQUEST = {"kind": "target_group", "file_name": "list.csv", "group": "Friends"}
FIELDS = {
    "import_id",
    "kind",
    "status",
    "reason",
    "file_name",
    "created_at",
    "finished_at",
    "progress",
    "detected",
    "counts",
    "problems",
    "refused_file",
    "undone",
}


@pytest.fixture
def an_import(call: Api) -> dict[str, Any]:
    """An import that awaits its file."""
    answer = call("POST /v1/imports", REQUEST)
    assert answer.status == 201
    new_import: dict[str, Any] = answer.json
    return new_import


@pytest.mark.behaviour(26)
def test_the_form_of_an_import_uploads_straight_to_the_bucket(an_import: dict[str, Any]):
    upload = requests.post(
        an_import["upload"]["url"], data=an_import["upload"]["fields"], files={"file": b"Code\nA1\n"}, timeout=10
    )
    assert upload.status_code == 204
    stored_file = boto3.client("s3").get_object(Bucket=settings().bucket, Key=an_import["upload"]["fields"]["key"])
    assert stored_file["Body"].read() == b"Code\nA1\n"


@pytest.mark.behaviour(96)
def test_an_import_is_shown(call: Api, an_import: dict[str, Any]):
    shown_import = call(f"GET /v1/imports/{an_import['import_id']}").json
    assert shown_import.keys() >= FIELDS
    assert (shown_import["status"], shown_import["problems"], shown_import["expires_at"]) == (
        "awaiting_upload",
        [],
        an_import["expires_at"],
    )
    items = call("GET /v1/imports?kind=target_group").json["items"]
    assert items == [{name: value for name, value in shown_import.items() if name != "problems"}]
    assert call("GET /v1/imports?kind=tickets").json["items"] == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "target_group"}, "group"),
        ({"kind": "target_group", "group": " "}, "group"),
        ({"kind": "target_group", "group": "Fri\u200bends"}, "group"),
        ({"kind": "tickets", "event_id": "gala"}, "when_full"),
        ({"kind": "tickets", "when_full": "stop"}, "event_id"),
        ({"kind": "customers", "group": "Friends"}, "group"),
        ({"kind": "friends"}, "kind"),
        ({"kind": "customers", "header_rows": 11}, "header_rows"),
        ({"kind": "customers", "notify": "nobody"}, "notify"),
    ],
)
def test_an_invalid_import_request_is_refused(call: Api, fields: dict[str, Any], field: str):
    answer = call("POST /v1/imports", {"file_name": "list.csv", **fields})
    assert (answer.status, [fault["field"] for fault in answer.json["errors"]]) == (422, [field])


def test_a_list_that_would_become_current_in_the_past_is_refused(call: Api):
    request = {"kind": "target_group", "file_name": "a.csv", "group": "Codes", "publish_at": "2020-01-01T00:00:00Z"}
    assert call("POST /v1/imports", request).code == "bad_instant"


def test_an_import_whose_file_did_not_come_in_time_is_cancelled(
    call: Api, an_import: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    later = clock.now() + UPLOAD_WAIT
    monkeypatch.setattr(clock, "now", lambda: later)
    shown_import = call(f"GET /v1/imports/{an_import['import_id']}").json
    assert (shown_import["status"], shown_import["finished_at"]) == ("cancelled", an_import["expires_at"])
    assert call(f"POST /v1/imports/{an_import['import_id']}/confirm").code == "not_in_review"


def test_an_import_is_cancelled_once(call: Api, an_import: dict[str, Any]):
    path = f"POST /v1/imports/{an_import['import_id']}/cancel"
    first = call(path)
    assert (first.status, first.json["status"]) == (200, "cancelled")
    assert call(path).json == first.json


def change_record(import_id: str, **facts: Any) -> None:
    """Change the record as a worker would."""
    adapters.imports().save_import(replace(adapters.imports().get_import("demo", import_id), **facts))


@pytest.mark.behaviour(22, 28)
def test_after_the_review_an_import_is_confirmed_with_corrections(call: Api, an_import: dict[str, Any]):
    import_id = an_import["import_id"]
    change_record(import_id, status=Status.AWAITING_REVIEW, expires_at=clock.now() + timedelta(days=1))
    confirmation = call(f"POST /v1/imports/{import_id}/confirm", {"mapping": {"code": 0}, "consent": True})
    assert (confirmation.status, confirmation.json["status"]) == (200, "importing")
    assert confirmation.json["consent"]["by"] == "organiser"
    assert adapters.imports().get_import("demo", import_id).options.mapping == {"code": 0}
    assert call(f"POST /v1/imports/{import_id}/confirm").json["status"] == "importing"


def test_refused_rows_redirect_to_the_bucket(call: Api, an_import: dict[str, Any]):
    import_id = an_import["import_id"]
    assert call(f"GET /v1/imports/{import_id}/refused.csv").code == "nothing_refused"
    key = refused_key(adapters.imports().get_import("demo", import_id))
    boto3.client("s3").put_object(Bucket=settings().bucket, Key=key, Body=b"Code\n")
    change_record(import_id, status=Status.PARTIAL, refused_file=True, counts=Counts(2, 1, 1))
    answer = call(f"GET /v1/imports/{import_id}/refused.csv")
    assert (answer.status, answer.text) == (302, "")
    file = requests.get(answer.headers["Location"], timeout=10)
    assert (file.status_code, file.content) == (200, b"Code\n")


def test_an_expired_report_of_refused_rows_is_answered_with_410(call: Api, an_import: dict[str, Any]):
    import_id = an_import["import_id"]
    kept_until = clock.now() - timedelta(days=90)
    change_record(import_id, status=Status.PARTIAL, refused_file=True, finished_at=kept_until + timedelta(minutes=1))
    assert call(f"GET /v1/imports/{import_id}/refused.csv").status == 302
    change_record(import_id, finished_at=kept_until)
    answer = call(f"GET /v1/imports/{import_id}/refused.csv")
    assert (answer.status, answer.code) == (410, "report_expired")
    assert "90 days" in answer.json["detail"]


def test_an_import_is_undone_once(call: Api):
    call("PUT /v1/events/gala", {"name": "Gala"})
    fields = {"kind": "tickets", "file_name": "t.csv", "event_id": "gala", "when_full": "stop"}
    import_id = call("POST /v1/imports", fields).json["import_id"]
    path = f"POST /v1/imports/{import_id}/undo"
    assert call(path).code == "nothing_stored"
    change_record(import_id, status=Status.COMPLETE)
    first = call(path)
    assert (first.status, first.json["status"], first.json["undone"]["kept"]) == (200, "complete", [])
    assert call(path).json == first.json


def test_an_import_overwritten_by_a_later_one_is_not_undone(call: Api, an_import: dict[str, Any]):
    change_record(an_import["import_id"], status=Status.COMPLETE)
    answer = call(f"POST /v1/imports/{an_import['import_id']}/undo")
    assert (answer.status, answer.code) == (409, "superseded")


def test_the_problems_of_an_import_are_shown(call: Api, an_import: dict[str, Any]):
    problem = BadEmail(2, "Email", "x").record()
    record = adapters.imports().get_import("demo", an_import["import_id"])
    adapters.imports().save_problems(record, [problem])
    path = f"GET /v1/imports/{an_import['import_id']}"
    detail = "Line 2, column “Email”: “x” is not an e-mail address. Write one address, such as name@example.org."
    assert call(path).json["problems"] == [{**problem, "detail": detail}]
    (dutch,) = call(path, Accept_Language="nl").json["problems"]
    assert dutch["detail"].startswith("Regel 2, kolom “Email”: “x” is geen e-mailadres.")


def test_a_problem_that_an_earlier_version_stored_is_shown_without_parameters(call: Api, an_import: dict[str, Any]):
    problem: ProblemRecord = {"line": 2, "column": "Email", "value": "x", "code": "bad_email", "detail": "No @ in it."}
    adapters.imports().save_problems(adapters.imports().get_import("demo", an_import["import_id"]), [problem])
    assert call(f"GET /v1/imports/{an_import['import_id']}").json["problems"] == [{**problem, "params": {}}]


IN_DUTCH = {
    "why": ("Er is geen evenement “gala”. Maak het eerst, of verbeter de id.", "There is no event “gala”."),
    "note": ("Niet gelezen: “Remarks”.", "Not read: “Remarks”."),
    "kept": (
        "De naam van a@x.nl is sindsdien gewijzigd en blijft zoals die is.",
        "The name of a@x.nl was changed since",
    ),
    "question": ("De datums laten open welk getal de dag is", "The dates leave open which number is the day"),
}


def explained() -> dict[str, Any]:
    """The data that a worker stores for the organiser."""
    detected = Detected(encoding="utf-8", delimiter=",", header_rows=1, mapping={})
    return {
        "detail_messages": (Message("no_event", {"event": "gala"}),),
        "detected": detected.with_notes(Message("unread", {"columns": ("Remarks",)})),
        "undone": undo_result(clock.now(), [Message("name", {"email": "a@x.nl"})]),
        "decisions": (decision(About.DATE_ORDER, "Date"),),
    }


@pytest.mark.parametrize(("language", "place"), [("nl-BE", 0), ("en", 1), ("fr", 1)])
def test_the_sentences_of_an_import_are_in_the_language_of_the_caller(
    call: Api, an_import: dict[str, Any], language: str, place: int
):
    change_record(an_import["import_id"], status=Status.AWAITING_REVIEW, **explained())
    words = {name: texts[place] for name, texts in IN_DUTCH.items()}
    shown = call(f"GET /v1/imports/{an_import['import_id']}", Accept_Language=language).json
    (listed,) = call("GET /v1/imports", Accept_Language=language).json["items"]
    for one in (shown, listed):
        assert one["detail"].startswith(words["why"])
        assert one["detected"]["notes"] == [words["note"]]
        assert [sentence.startswith(words["kept"]) for sentence in one["undone"]["kept"]] == [True]
        assert [open_one["detail"].startswith(words["question"]) for open_one in one["decisions"]] == [True]


def test_sentences_that_an_earlier_version_stored_are_shown_as_they_are(call: Api, an_import: dict[str, Any]):
    detected = Detected(encoding="utf-8", delimiter=",", header_rows=1, mapping={}, notes=("Not read: “A”.",))
    undone = UndoResult(at=clock.now(), kept=("“B” is in use, and stays.",))
    change_record(
        an_import["import_id"], status=Status.FAILED, detail="This is a PDF document.", detected=detected, undone=undone
    )
    shown = call(f"GET /v1/imports/{an_import['import_id']}", Accept_Language="nl").json
    assert (shown["detail"], shown["detected"]["notes"], shown["undone"]["kept"]) == (
        "This is a PDF document.",
        ["Not read: “A”."],
        ["“B” is in use, and stays."],
    )
