from dataclasses import replace
from datetime import timedelta

import pytest

from guestlist.imports.file_options import Mapped
from guestlist.imports.model import Counts, Import, Kind, Mode, OrderGrouping, Status, WhenFull
from guestlist.imports.request import Correction, ImportRequest
from guestlist.imports.service import cancel, confirm, request_import
from guestlist.imports.watchdog import failed_record
from guestlist.model.errors import Conflict, Invalid
from tests.fakes.imports import START, FakeFiles, FakeImports, FakeQueue
from tests.unit.imports.builders import SOURCE, TOKEN, a_running_import, an_import


@pytest.fixture
def imports() -> FakeImports:
    return FakeImports()


def requested(import_request: ImportRequest, imports: FakeImports) -> Import:
    record, _ = request_import(TOKEN, import_request, "imp-1", START, imports, FakeFiles())
    return record


def test_a_request_opens_an_import_that_waits_an_hour_for_its_file(imports: FakeImports) -> None:
    record = requested(ImportRequest(kind=Kind.TARGET_GROUP, file_name="a.csv", group="Friends"), imports)
    assert imports.get_import("demo", "imp-1") == record
    assert (record.status, record.expires_at) == (Status.AWAITING_UPLOAD, START + timedelta(hours=1))


def test_the_key_of_the_upload_form_contains_no_text_of_the_user(imports: FakeImports) -> None:
    import_request = ImportRequest(kind=Kind.TARGET_GROUP, file_name="../x y.csv", group="Friends")
    _, upload = request_import(TOKEN, import_request, "imp-1", START, imports, FakeFiles())
    assert upload.fields["key"] == "uploads/demo/imp-1"


@pytest.mark.behaviour(56)
def test_consent_is_recorded_with_who_when_and_the_address_to_notify(imports: FakeImports) -> None:
    import_request = ImportRequest(
        kind=Kind.TARGET_GROUP, file_name="a.csv", group="Friends", consent=True, notify="me@example.com"
    )
    consent = requested(import_request, imports).consent
    assert consent
    assert (consent.by, consent.at, consent.notify) == ("night shift", START, "me@example.com")


@pytest.mark.parametrize(
    ("import_request", "fields"),
    [
        pytest.param(ImportRequest(kind=Kind.TARGET_GROUP, file_name="a"), ["group"], id="a list without a name"),
        pytest.param(ImportRequest(kind=Kind.TARGET_GROUP, file_name="a", group=" "), ["group"], id="a blank name"),
        pytest.param(ImportRequest(kind=Kind.TICKETS, file_name="a"), ["event_id", "when_full"], id="tickets"),
        pytest.param(
            ImportRequest(kind=Kind.CUSTOMERS, file_name="a", mode=Mode.REPLACE), ["mode"], id="a mode for customers"
        ),
        pytest.param(
            ImportRequest(kind=Kind.PURCHASES, file_name="a", when_full=WhenFull.STOP, group="x"),
            ["group", "when_full"],
            id="options of other kinds",
        ),
        pytest.param(
            ImportRequest(kind=Kind.CUSTOMERS, file_name="a", order_grouping=OrderGrouping.ROW),
            ["order_grouping"],
            id="orders for customers",
        ),
    ],
)
@pytest.mark.behaviour(31, 66)
def test_a_request_without_what_its_kind_needs_names_every_such_field(
    import_request: ImportRequest, fields: list[str], imports: FakeImports
) -> None:
    with pytest.raises(Invalid) as caught:
        requested(import_request, imports)
    assert [fault.field for fault in caught.value.faults] == fields
    assert imports.records == {}


def in_review(imports: FakeImports) -> Import:
    waiting = a_running_import(status=Status.AWAITING_REVIEW, worker=None, expires_at=START + timedelta(days=7))
    imports.add_import(waiting)
    return waiting


def test_confirming_requests_a_worker_with_the_corrections(imports: FakeImports) -> None:
    queue = FakeQueue()
    mapping: dict[str, Mapped] = {"Code": 0}
    record = confirm(in_review(imports), Correction(mapping=mapping, delimiter=";"), TOKEN, START, imports, queue)
    assert (record.status, record.confirmed) == (Status.IMPORTING, True)
    assert (record.options.mapping, record.options.delimiter) == (mapping, ";")
    assert queue.resumed == [("demo", "imp-1")]


def test_a_corrected_file_can_be_reviewed_again_before_it_is_confirmed(imports: FakeImports) -> None:
    queue = FakeQueue()
    record = confirm(in_review(imports), Correction(delimiter=";", review=True), TOKEN, START, imports, queue)
    assert (record.status, record.confirmed, record.options.review) == (Status.READING, False, True)
    assert record.options.delimiter == ";"
    assert queue.resumed == [("demo", "imp-1")]


def test_confirming_again_changes_nothing(imports: FakeImports) -> None:
    queue = FakeQueue()
    record = confirm(in_review(imports), Correction(), TOKEN, START, imports, queue)
    assert confirm(record, Correction(delimiter=";"), TOKEN, START, imports, queue) == record
    assert len(queue.resumed) == 1


def test_an_import_that_was_never_in_review_cannot_be_confirmed(imports: FakeImports) -> None:
    with pytest.raises(Conflict, match="not_in_review"):
        confirm(an_import(), Correction(), TOKEN, START, imports, FakeQueue())


def test_consent_given_at_the_review_is_recorded(imports: FakeImports) -> None:
    record = confirm(in_review(imports), Correction(consent=True), TOKEN, START, imports, FakeQueue())
    assert record.consent
    assert record.consent.by == "night shift"


def test_cancelling_ends_the_import_and_adds_a_mail_if_a_file_came(imports: FakeImports) -> None:
    imports.add_import(a_running_import())
    assert cancel(imports.get_import("demo", "imp-1"), START, imports).status is Status.CANCELLED
    assert imports.mails == ["imp-1"]


def test_cancelling_before_the_file_came_adds_no_mail(imports: FakeImports) -> None:
    imports.add_import(an_import())
    cancel(imports.get_import("demo", "imp-1"), START, imports)
    assert imports.mails == []


def test_cancelling_again_changes_nothing(imports: FakeImports) -> None:
    imports.add_import(a_running_import())
    once = cancel(imports.get_import("demo", "imp-1"), START, imports)
    assert cancel(once, START + timedelta(days=1), imports) == once


def test_an_import_that_is_complete_cannot_be_cancelled(imports: FakeImports) -> None:
    imports.add_import(a_running_import(status=Status.COMPLETE))
    with pytest.raises(Conflict, match="undo"):
        cancel(imports.get_import("demo", "imp-1"), START, imports)


def test_cancelling_an_import_that_changed_meanwhile_still_cancels_it(imports: FakeImports) -> None:
    stale = a_running_import()
    imports.add_import(stale)
    imports.save_import(replace(stale, progress=0.5))
    assert cancel(stale, START, imports).status is Status.CANCELLED


FORESEEN = {
    "status": Status.AWAITING_REVIEW,
    "source": SOURCE,
    "counts": Counts(9, 7, 2),
    "tickets": {"total": 9, "imported": 7},
    "effect": {"memberships_added": 7},
}


def test_the_expected_effect_of_a_review_is_dropped_once_it_is_cancelled(imports: FakeImports) -> None:
    imports.add_import(an_import(**FORESEEN))
    ended = cancel(imports.get_import("demo", "imp-1"), START, imports)
    late = an_import(**FORESEEN).at(START + timedelta(hours=1))
    for one in (ended, late, failed_record(an_import(**FORESEEN), START, "It was ended by hand.")):
        assert (one.counts, one.tickets, one.effect) == (Counts(9, 0, 2), None, None)


def test_a_wait_that_is_over_reads_as_cancelled_before_any_timer_ran() -> None:
    waiting = an_import(source=SOURCE)
    assert waiting.at(START + timedelta(hours=1)).status is Status.CANCELLED
    assert waiting.at(START + timedelta(minutes=59)).status is Status.AWAITING_UPLOAD
