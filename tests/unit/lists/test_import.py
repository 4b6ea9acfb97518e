from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from guestlist.groups.index import GroupType, IndexedGroup, Version
from guestlist.imports.explanation import explanation_of
from guestlist.imports.model import Counts, Mode, OnError, Options, Reason, Source, Status
from guestlist.imports.service import SIZE_LIMIT, cancel
from guestlist.lists.entry import Entry, code_key
from guestlist.lists.importing.cleanup import NEVER_PUBLISHED, delete_if_unused
from guestlist.lists.packed_list import PackedList
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.fakes.imports import START
from tests.unit.imports.harness import Harness, options

CODES = "Code,Quantity\nA,1\nB,2\nC,0\n"


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(tmp_path)


@pytest.mark.behaviour(1, 35)
def test_good_rows_become_the_list_and_the_others_are_reported(harness: Harness) -> None:
    record = harness.imported(CODES)
    assert (record.status, record.counts) == (Status.PARTIAL, Counts(3, 2, 1))
    assert harness.entries() == [Entry("A", quantity=1), Entry("B", quantity=2)]
    assert [problem["code"] for problem in harness.imports.problems("demo", "imp-1")] == ["bad_quantity"]
    assert harness.files.stored["reports/demo/imp-1/refused.csv"].startswith(b"\xef\xbb\xbfCode,Quantity,refused_line")


def test_a_file_without_a_fault_is_complete_and_has_no_refused_file(harness: Harness) -> None:
    record = harness.imported("Code\nA\n")
    assert (record.status, record.refused_file, harness.files.stored) == (Status.COMPLETE, False, {})


def test_the_record_has_how_the_file_was_read(harness: Harness) -> None:
    record = harness.imported("Code;Quantity\nA;\n")
    assert record.detected
    assert (record.detected.delimiter, record.detected.mapping) == (";", {"Code": 0, "Quantity": 1})
    assert any("quantity is empty" in note for note in record.detected.texts())


@pytest.mark.behaviour(45)
def test_a_hundred_thousand_codes_become_a_list_in_which_each_is_found(harness: Harness) -> None:
    codes = [f"PRESALE-{number:06d}" for number in range(100_000)]
    record = harness.imported("Code\n" + "\n".join(codes) + "\n")
    assert record.counts == Counts(100_000, 100_000, 0)
    group = harness.imports.groups.read_group_index("demo").find_by_name("Friends")
    assert group
    list_store, of = harness.list_store("demo", "imp-1"), PackedList(group.base, group.overlay)
    for code in codes[::9_999]:
        key = code_key(code)
        assert of.entries(key, list_store.read_texts(of.text_ids(key))) == [Entry(code)]


@pytest.mark.parametrize(
    ("text", "import_options", "reason"),
    [
        pytest.param(b"PK\x03\x04xxxx", options(), Reason.NOT_CSV, id="a zip"),
        pytest.param(b"", options(), Reason.EMPTY_FILE, id="nothing"),
        pytest.param(b"Code\n", options(), Reason.EMPTY_FILE, id="a header only"),
        pytest.param(b"Colour,Size\nred,3\n", options(), Reason.NO_KNOWN_COLUMN, id="no column of ours"),
        pytest.param(b"Email\na@example.com\n", options(), Reason.CONSENT_REQUIRED, id="no consent"),
        pytest.param(b"Code,Quantity\nA,0\n", options(), Reason.NO_GOOD_ROW, id="no good row"),
        pytest.param(CODES.encode(), options(on_error=OnError.ABORT), Reason.ROWS_REFUSED, id="abort"),
        pytest.param(b"Code\nA\n", options(mode=Mode.REPLACE), Reason.UNKNOWN_GROUP, id="nothing to replace"),
        pytest.param(b"Code\nA\n", options(mode=Mode.APPEND), Reason.UNKNOWN_GROUP, id="nothing to append to"),
    ],
)
@pytest.mark.behaviour(59)
def test_a_file_that_cannot_be_imported_fails_with_its_reason_and_a_mail(
    harness: Harness, text: bytes, import_options: Options, reason: Reason
) -> None:
    record = harness.imported(text, options=import_options)
    assert (record.status, record.reason) == (Status.FAILED, reason)
    assert explanation_of(record)
    assert harness.imports.mails == ["imp-1"]
    assert harness.imports.groups.indexes == {}


def test_a_file_over_the_limit_is_not_even_fetched(harness: Harness) -> None:
    source = harness.upload("Code\nA\n")
    large = Source(source.key, source.version_id, SIZE_LIMIT + 1, START)
    assert harness.run(large).reason is Reason.TOO_LARGE


def test_a_file_that_was_deleted_before_it_was_read_fails(harness: Harness) -> None:
    source = harness.upload("Code\nA\n")
    harness.files.objects.clear()
    record = harness.run(source)
    assert (record.status, record.reason) == (Status.FAILED, Reason.EMPTY_FILE)


@pytest.mark.behaviour(32)
def test_a_name_that_is_taken_is_refused_without_regard_to_case(harness: Harness) -> None:
    harness.imported("Code\nA\n")
    second = harness.imported("Code\nB\n", "imp-2", options=options(group=" friends"))
    assert second.reason is Reason.GROUP_EXISTS
    assert harness.entries() == [Entry("A")]


def test_mode_replace_replaces_all_rows(harness: Harness) -> None:
    harness.imported("Code\nA\nB\n")
    record = harness.imported("Code,Quantity\nB,5\nC,1\n", "imp-2", options=options(mode=Mode.REPLACE))
    assert record.effect == {"added": 1, "changed": 1, "revoked": 1}
    assert harness.entries() == [Entry("B", quantity=5), Entry("C")]


def test_existing_rows_are_not_appended_again(harness: Harness) -> None:
    harness.imported("Code\nA\n")
    record = harness.imported("Code,Quantity\nA,9\nB,1\n", "imp-2", options=options(mode=Mode.APPEND))
    assert record.counts == Counts(2, 1, 1)
    assert harness.entries() == [Entry("A"), Entry("B")]


def test_missing_rows_cannot_be_removed(harness: Harness) -> None:
    harness.imported("Code\nA\nB\n")
    record = harness.imported("Code\nA\nZ\n", "imp-2", options=options(mode=Mode.REMOVE))
    assert record.counts == Counts(2, 1, 1)
    assert harness.entries() == [Entry("B")]


def test_a_failed_replacement_leaves_the_list_as_it_was(harness: Harness) -> None:
    harness.imported("Code\nA\n")
    before = harness.imports.groups.read_group_index("demo")
    harness.imported("Code,Quantity\nB,0\n", "imp-2", options=options(mode=Mode.REPLACE))
    assert harness.imports.groups.read_group_index("demo") == before


def test_an_expired_group_takes_no_file(harness: Harness) -> None:
    index = harness.imports.groups.read_group_index("demo")
    expired = IndexedGroup(group_id="g", type=GroupType.TARGET, name="Friends", created_at=START, expires_at=START)
    harness.imports.groups.write_group_index("demo", index.with_group(expired))
    assert harness.imported("Code\nA\n", options=options(mode=Mode.APPEND)).reason is Reason.GROUP_EXPIRED


def test_a_list_cannot_take_the_name_of_a_customer_group(harness: Harness) -> None:
    index = harness.imports.groups.read_group_index("demo")
    manual = IndexedGroup(group_id="g", type=GroupType.MANUAL, name="Friends", created_at=START)
    harness.imports.groups.write_group_index("demo", index.with_group(manual))
    assert harness.imported("Code\nA\n", options=options(mode=Mode.REPLACE)).reason is Reason.GROUP_EXISTS


@pytest.mark.behaviour(22, 28)
def test_a_review_stores_nothing_until_it_is_confirmed(harness: Harness) -> None:
    record = harness.imported(CODES, options=options(review=True))
    assert (record.status, record.counts) == (Status.AWAITING_REVIEW, Counts(3, 0, 1, would_import=2))
    assert record.effect == {"added": 2, "changed": 0, "revoked": 0}
    assert (harness.imports.groups.indexes, harness.imports.mails) == ({}, [])
    assert all(not list_store.texts for list_store in harness.list_stores.values())


def test_an_address_repeated_in_a_list_is_no_refused_row(harness: Harness) -> None:
    record = harness.imported("Email,Seat\na@x.nl,1\nb@x.nl,\nA@x.nl,1\n", options=options(), consent=harness.agreed)
    assert (record.status, record.counts) == (Status.COMPLETE, Counts(total=3, imported=2, refused=0, repeated=1))


def test_a_doubt_about_the_columns_waits_in_review(harness: Harness) -> None:
    record = harness.imported("Colour,Size\nred,3\n", options=options(review=True))
    assert (record.status, record.reason) == (Status.AWAITING_REVIEW, Reason.NO_KNOWN_COLUMN)


def test_a_wrong_encoding_chosen_in_the_review_waits_again_as_the_file_was_read_before(harness: Harness) -> None:
    before = harness.imported("Code\nCafé\n".encode("cp1252"), options=options(review=True))
    corrected = replace(before.options, encoding="utf-8")
    harness.imports.save_import(replace(before, options=corrected, status=Status.READING, due_at=harness.clock.now()))
    record = harness.run()
    assert (record.status, record.reason) == (Status.AWAITING_REVIEW, Reason.BAD_ENCODING)
    assert (record.detected, record.counts) == (before.detected, before.counts)
    assert harness.confirmed().status is Status.COMPLETE
    assert harness.entries() == [Entry("Café")]


def dropped(harness: Harness, text: str, version: str, import_id: str, after: timedelta) -> Source:
    key = "drop/demo/target-groups/Friends/f.csv"
    source = Source(key, version, len(text), START + after, dropped=True)
    harness.files.objects[key, version] = text.encode()
    harness.upload("", import_id, source=source, status=Status.READING, due_at=START)
    return source


def test_a_dropped_file_creates_its_list_and_the_next_replaces_it(harness: Harness) -> None:
    harness.run(dropped(harness, "Code\nA\n", "v1", "imp-1", timedelta()), "imp-1")
    harness.run(dropped(harness, "Code\nB\n", "v2", "imp-2", timedelta(seconds=1)), "imp-2")
    assert harness.entries() == [Entry("B")]


def test_a_file_dropped_earlier_does_not_replace_one_dropped_later(harness: Harness) -> None:
    harness.run(dropped(harness, "Code\nnew\n", "v2", "imp-2", timedelta(seconds=1)), "imp-2")
    late = harness.run(dropped(harness, "Code\nold\n", "v1", "imp-1", timedelta()), "imp-1")
    assert (late.status, late.reason) == (Status.FAILED, Reason.SUPERSEDED)
    assert harness.entries() == [Entry("new")]


def test_a_cancelled_import_publishes_nothing(harness: Harness) -> None:
    source = harness.upload(CODES)
    cancelled = False

    def meanwhile() -> None:
        nonlocal cancelled
        if not cancelled and harness.list_stores:
            cancelled = True
            cancel(harness.imports.get_import("demo", "imp-1"), START, harness.imports)

    record = harness.run(source, injector=CrashInjector(before_each_call=meanwhile))
    assert (record.status, harness.imports.groups.indexes) == (Status.CANCELLED, {})


def test_a_list_published_meanwhile_does_not_disturb_an_import_of_another(harness: Harness) -> None:
    source = harness.upload("Code\nA\n")
    harness.imported("Code\nX\n", "imp-9", options=options(group="Others"))
    index = harness.imports.groups.read_group_index("demo")

    def meanwhile() -> None:
        if harness.list_store("demo", "imp-1").texts and harness.imports.groups.read_group_index("demo") == index:
            harness.imported("Code\nY\n", "imp-8", options=options(group="Thirds"))

    assert harness.run(source, injector=CrashInjector(before_each_call=meanwhile)).status is Status.COMPLETE
    assert (harness.entries(), harness.entries("Thirds")) == ([Entry("A")], [Entry("Y")])


def test_rows_appended_by_two_concurrent_files_are_all_kept(harness: Harness) -> None:
    harness.imported("Code\nA\n")
    source = harness.upload("Code\nB\n", "imp-2", options=options(mode=Mode.APPEND))
    ran: list[str] = []

    def meanwhile() -> None:
        if not ran and any(one.startswith("imp-2.") for one in harness.list_store("demo", "imp-1").headers):
            ran.append("imp-3")
            harness.imported("Code\nC\n", "imp-3", options=options(mode=Mode.APPEND))

    assert harness.run(source, "imp-2", CrashInjector(before_each_call=meanwhile)).counts == Counts(1, 1, 0)
    assert ran
    assert harness.entries() == [Entry("A"), Entry("B"), Entry("C")]


def test_a_worker_short_of_time_asks_for_another_which_finishes(harness: Harness) -> None:
    source = harness.upload(CODES)
    harness.clock.remaining_checks = 0
    harness.run(source)
    assert harness.queue.resumed == [("demo", "imp-1")]
    harness.clock.remaining_checks = None
    assert harness.run().status is Status.PARTIAL


def steps(tmp_path: Path, text: str, before: str | None, **import_options: Any) -> int:
    """The number of calls of ports of an undisturbed run."""
    harness = Harness(tmp_path)
    if before:
        harness.imported(before, "imp-0")
    injector = CrashInjector()
    harness.run(harness.upload(text, options=options(**import_options)), injector=injector)
    return injector.calls


@pytest.mark.parametrize("mode", [Mode.CREATE, Mode.REPLACE, Mode.APPEND, Mode.REMOVE])
@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
@pytest.mark.behaviour(61)
def test_a_worker_killed_at_any_step_leaves_the_old_or_the_new_list_and_the_next_one_finishes(
    tmp_path: Path, mode: Mode, *, after: bool
) -> None:
    text = "Code,Quantity\nA,1\nB,2\nC,0\nB,2\n"
    before = None if mode is Mode.CREATE else "Code\nA\nD\n"
    undisturbed = Harness(tmp_path)
    if before:
        undisturbed.imported(before, "imp-0")
    expected = undisturbed.imported(text, options=options(mode=mode))
    for step in range(1, steps(tmp_path, text, before, mode=mode) + 1):
        harness = Harness(tmp_path)
        old = harness.imported(before, "imp-0") and harness.entries() if before else None
        source = harness.upload(text, options=options(mode=mode))
        with pytest.raises(Killed):
            harness.run(source, injector=CrashInjector(step, after=after))
        if harness.imports.groups.read_group_index("demo").find_by_name("Friends"):
            assert harness.entries() in (old, undisturbed.entries())
        harness.silence()
        record = harness.run(source)
        assert harness.entries() == undisturbed.entries(), f"killed at call {step}"
        assert (record.status, record.counts) == (expected.status, expected.counts)
        assert harness.imports.mails.count("imp-1") == 1
        assert harness.imports.problems("demo", "imp-1") == undisturbed.imports.problems("demo", "imp-1")


def test_a_worker_believed_dead_cannot_change_what_its_successor_published(harness: Harness) -> None:
    harness.imported("Code\nA\n", "imp-0")
    source = harness.upload("Code\nB\n", options=options(mode=Mode.APPEND))
    with pytest.raises(Killed):
        harness.run(
            source, injector=CrashInjector(steps(harness.folder, "Code\nB\n", "Code\nA\n", mode=Mode.APPEND) - 1)
        )
    list_store = harness.list_store("demo", "imp-0")
    places = {place for place in list_store.texts if place.version_id.startswith("imp-1")}
    harness.silence()
    harness.run(source)
    read = {version.version_id for version in current(harness)}
    assert places
    assert not {place for place in places if place.version_id in read}


def current(harness: Harness) -> list[Version]:
    group = harness.imports.groups.read_group_index("demo").find_by_name("Friends")
    assert group
    return [version for version in (group.base, group.overlay) if version]


def test_an_unpublished_version_is_deleted_in_time(harness: Harness) -> None:
    source = harness.upload("Code\nA\n")
    with pytest.raises(Killed):
        harness.run(source, injector=CrashInjector(steps(harness.folder, "Code\nA\n", None) - 1))
    list_store = harness.list_store("demo", "imp-1")
    assert list_store.texts
    (version_id,) = {place.version_id for place in list_store.texts}
    assert harness.expired_versions.notes == {version_id: START + NEVER_PUBLISHED}
    delete_if_unused(version_id, None, list_store, lambda _share: None)
    assert (list_store.texts, list_store.headers) == ({}, {})


def test_the_current_version_is_never_deleted_as_unused(harness: Harness) -> None:
    harness.imported("Code\nA\n")
    group = harness.imports.groups.read_group_index("demo").find_by_name("Friends")
    assert group
    assert group.base
    delete_if_unused(group.base.version_id, group, harness.list_store("demo", "imp-1"), lambda _share: None)
    assert harness.entries() == [Entry("A")]


@pytest.mark.parametrize(
    ("since", "group_id"),
    [(None, "imp-1"), (START - timedelta(minutes=9), "imp-1-k"), (START + timedelta(minutes=9), "imp-1")],
    ids=["not told", "from before", "from later"],
)
def test_the_id_of_a_new_list_decides_how_people_are_counted(
    harness: Harness, since: datetime | None, group_id: str
) -> None:
    harness.keyed_since = since
    source = harness.upload("Code\nA\n")
    harness.clock.advance(timedelta(minutes=30))
    assert harness.run(source).group_id == group_id, "the import's own age decides, however late it runs"
    replaced = harness.imported("Code\nB\n", "imp-2", options=options(mode=Mode.REPLACE))
    assert replaced.group_id == group_id
