"""The effect of an erasure on files, on waiting and running imports, and on lists that can be restored."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from guestlist.erasure.worker import RECHECK_DELAY
from guestlist.imports.job import refused_key
from guestlist.imports.model import Consent, Mode, Status, import_id_of
from guestlist.lists.entry import Entry
from guestlist.lists.importing.cleanup import NEVER_PUBLISHED
from guestlist.lists.versions import ListVersion
from guestlist.model.errors import ConcurrentModification
from tests.fakes.crash_injection import CrashInjector
from tests.fakes.imports import START
from tests.unit.erasure.harness import ANN, BOB, World
from tests.unit.imports.builders import a_running_import
from tests.unit.imports.harness import Harness, options

CONSENT = Consent(by="me", at=START)
TEXT = f"Code,Email\nA,{ANN}\nB,{BOB}\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Harness(tmp_path))


def test_an_original_is_rewritten_and_its_former_version_deleted(world: World) -> None:
    world.harness.imported(TEXT, consent=CONSENT)
    world.erased()
    assert world.harness.files.objects == {("uploads/demo/imp-1", "v1'"): f"Code,Email\n\nB,{BOB}\n".encode()}
    source = world.harness.imports.get_import("demo", "imp-1").source
    assert source
    assert source.version_id == "v1'"


def test_a_former_version_of_an_object_is_deleted(world: World) -> None:
    world.harness.imported("Code\nA\n")
    world.harness.files.objects["uploads/demo/imp-1", "v2"] = TEXT.encode()
    world.harness.files.objects["uploads/demo/imp-1", "v3"] = b"Code\nC\n"
    world.erased()
    assert [version_id for _, version_id in world.harness.files.objects] == ["v1", "v3"]


def test_a_file_that_cannot_be_read_is_deleted(world: World) -> None:
    world.harness.imported(b"PK\x03\x04 xl/ and more")
    world.erased()
    assert world.harness.files.objects == {}


def test_exports_and_objects_named_after_the_person_are_deleted(world: World) -> None:
    objects = world.harness.files.objects
    objects["exports/demo/g1/e1.csv", "v1"] = b"Email\n"
    objects[f"drop/demo/customers/{ANN}.csv", "v1"] = b"Email\n"
    objects["uploads/other/imp-1", "v1"] = TEXT.encode()
    world.erased()
    assert list(objects) == [("uploads/other/imp-1", "v1")]


def test_a_report_keeps_the_rows_of_others(world: World) -> None:
    record = world.harness.imported(f"Code,Email,Quantity\nA,{ANN},none\nB,{BOB},none\nC,,1\n", consent=CONSENT)
    world.erased()
    (report,) = [data for (key, _), data in world.harness.files.objects.items() if key == refused_key(record)]
    assert ANN.encode() not in report
    assert BOB.encode() in report
    assert world.harness.imports.get_import("demo", "imp-1").counts == record.counts
    assert [problem["line"] for problem in world.harness.imports.problems("demo", "imp-1")] == [2, 3]


def test_an_import_awaiting_review_continues_without_the_erased_person(world: World) -> None:
    world.harness.imported(TEXT, options=options(review=True), consent=CONSENT)
    world.erased()
    record = world.harness.imports.get_import("demo", "imp-1")
    assert record.status is Status.AWAITING_REVIEW
    world.harness.imports.save_import(replace(record, status=Status.IMPORTING, confirmed=True))
    world.harness.run(None)
    assert world.harness.entries() == [Entry("B", BOB)]


def test_a_worker_that_reads_the_old_file_loses_its_lease_and_the_erasure_runs_again(world: World) -> None:
    world.harness.files.objects["uploads/demo/imp-1", "v1"] = TEXT.encode()
    running_import = a_running_import()
    world.harness.imports.add_import(running_import)
    world.request_erasure()
    assert world.turn()
    with pytest.raises(ConcurrentModification):
        world.harness.imports.save_import(running_import)
    assert world.harness.queue.resumed == [("demo", "imp-1")]
    assert world.erasures.due[ANN] == world.harness.clock.now() + RECHECK_DELAY
    world.page.removals.clear()
    world.harness.run(None)
    world.harness.clock.advance(RECHECK_DELAY)
    assert world.turn()
    assert world.page.removals == ["page", "answers", "answers"]
    assert ANN in world.erasures.ended_at


def test_an_erasure_waits_for_a_running_export(world: World) -> None:
    world.originals.in_parts.add("exports/demo/g1/e1.csv")
    world.erased()
    assert ANN not in world.erasures.ended_at
    world.originals.in_parts.clear()
    world.harness.clock.advance(RECHECK_DELAY)
    assert world.turn()
    assert ANN in world.erasures.ended_at


def test_row_counts_of_a_list_and_of_its_undo_version_are_corrected(world: World) -> None:
    world.harness.imported(f"Email\n{ANN}\n{BOB}\ncy@example.com\n", consent=CONSENT)
    world.harness.imported(
        f"Email\n{ANN}\nx@example.com\n", "imp-2", options=options(mode=Mode.REPLACE), consent=CONSENT
    )
    world.erased()
    (group,) = world.harness.imports.groups.read_group_index("demo").groups.values()
    assert (group.entries, group.cleaned_at) == (1, START)
    former = world.harness.imports.get_import("demo", "imp-2").former
    assert former
    assert former.entries == 2


def test_a_scheduled_list_loses_the_person_and_its_row_count_is_corrected(world: World) -> None:
    world.harness.imported("Code\nA\n")
    later = options(mode=Mode.REPLACE, publish_at=START + timedelta(days=9))
    world.harness.imported(f"Email\n{ANN}\n{BOB}\n", "imp-2", options=later, consent=CONSENT)
    world.erased()
    (group,) = world.harness.imports.groups.read_group_index("demo").groups.values()
    (scheduled,) = group.scheduled
    assert (import_id_of(scheduled.version.version_id), scheduled.entries) == ("imp-2", 1)
    list_store = world.harness.list_store("demo", group.group_id)
    assert ANN not in "".join(list_store.texts.values())
    assert list_store.headers[scheduled.version.version_id].live_entries == 1


def test_row_counts_of_restorable_versions_are_corrected(world: World) -> None:
    world.harness.imported(f"Email\n{ANN}\n{BOB}\n", consent=CONSENT)
    (group,) = world.harness.imports.groups.read_group_index("demo").groups.values()
    assert group.base
    world.versions = [ListVersion(version_id=group.base.version_id, base=group.base)]
    world.harness.imports.groups.write_group_index(
        "demo", world.harness.imports.groups.read_group_index("demo").with_group(replace(group, base=None))
    )
    world.erased()
    assert world.harness.list_store("demo", group.group_id).headers[group.base.version_id].live_entries == 1


def test_a_group_without_rows_of_the_person_is_not_changed(world: World) -> None:
    world.harness.imported("Code\nA\n")
    before = world.harness.imports.groups.read_group_index("demo")
    world.erased()
    assert world.harness.imports.groups.read_group_index("demo") == before


def test_the_search_index_of_the_persons_list_is_deleted_and_others_are_kept(world: World) -> None:
    world.harness.imported("Code\nA\n")
    world.harness.imported(f"Email\n{ANN}\n{BOB}\n", "imp-2", options=options(group="People"), consent=CONSENT)
    world.erased()
    assert world.search.forgotten == ["imp-2"]


@pytest.mark.parametrize(("minutes", "again"), [(1, True), (16, False)])
def test_an_erasure_repeats_its_search_after_a_concurrent_edit(world: World, minutes: int, again: bool) -> None:
    world.harness.imported(TEXT, consent=CONSENT)
    world.due["edit-1.0"] = world.harness.clock.now() - timedelta(minutes=minutes) + NEVER_PUBLISHED
    world.request_erasure()
    assert world.turn()
    assert (ANN in world.erasures.in_progress) is again


def test_an_erasure_repeats_its_search_while_a_worker_may_write_old_data(world: World) -> None:
    world.search.in_making = 1
    world.request_erasure()
    assert world.turn()
    assert ANN in world.erasures.in_progress, "it waits"
    world.harness.clock.advance(RECHECK_DELAY)
    assert world.turn()
    assert world.erasures.ended_at.keys() == {ANN}


def test_a_deleted_list_that_can_be_restored_loses_the_person(world: World) -> None:
    world.harness.imported(TEXT, consent=CONSENT)
    world.request_erasure()
    index = world.harness.imports.groups.read_group_index("demo")
    (record,) = world.groups.records.values()
    world.groups.records["imp-1"] = replace(record, deleted_at=START, shelved=index.groups["imp-1"])
    world.harness.imports.groups.write_group_index("demo", index.without("imp-1"))
    assert world.turn()
    shelved = world.groups.records["imp-1"].shelved
    assert shelved
    assert (shelved.entries, shelved.cleaned_at) == (1, START)


def test_an_erasure_requested_again_is_left_to_the_new_one(world: World) -> None:
    world.harness.imported(TEXT, consent=CONSENT)
    erasure = world.request_erasure()
    anew = replace(erasure, asked_at=erasure.asked_at + timedelta(seconds=1))
    calls: list[int] = []

    def ask_anew() -> None:
        calls.append(1)
        if len(calls) == 5:
            world.erasures.begin("demo", anew)

    with pytest.raises(ConcurrentModification):
        world.turn(injector=CrashInjector(before_each_call=ask_anew))
    assert world.turn()
    assert ANN not in world.erasures.ended_at, "whom the former one stopped may still be writing"
    assert world.erasures.due[ANN] == world.harness.clock.now() + RECHECK_DELAY
    assert world.turn()
    assert ANN in world.erasures.ended_at


@pytest.mark.parametrize(
    "key", ["drop/demo/customers/", "drop/demo/", "uploads/demo/", "reports/demo/", "uploads/demo//", "reports/demo//x"]
)
def test_a_folder_marker_does_not_stop_an_erasure(world: World, key: str) -> None:
    world.harness.files.objects[key, "v1"] = b""
    world.erased()
    assert ANN in world.erasures.ended_at


def test_an_object_below_the_key_of_an_import_is_rewritten_and_not_taken_for_its_file(world: World) -> None:
    world.harness.files.objects["uploads/demo/imp-1/copy", "v1"] = TEXT.encode()
    world.harness.imports.add_import(replace(a_running_import(), source=None, status=Status.AWAITING_UPLOAD))
    world.erased()
    assert world.harness.files.objects == {("uploads/demo/imp-1/copy", "v1'"): f"Code,Email\n\nB,{BOB}\n".encode()}
    assert world.harness.imports.get_import("demo", "imp-1").source is None


def test_a_dropped_file_whose_message_has_not_arrived_is_rewritten(world: World) -> None:
    world.harness.files.objects["drop/demo/customers/c.csv", "v1"] = f"Email\n{ANN}\n{BOB}\n".encode()
    world.erased()
    assert world.harness.files.objects == {("drop/demo/customers/c.csv", "v1'"): f"Email\n\n{BOB}\n".encode()}
    assert ANN in world.erasures.ended_at
