"""Customer files with `on_error=abort` of which a row is refused only while they are stored."""

from pathlib import Path

import pytest

from guestlist.imports.model import Counts, OnError, Reason, Status
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.unit.customers.harness import CustomerHarness
from tests.unit.customers.test_import import ANN, BOB, CY, HEAD, codes


@pytest.fixture
def harness(tmp_path: Path) -> CustomerHarness:
    return CustomerHarness(tmp_path)


def without_while_storing(
    harness: CustomerHarness, name: str, at: int | None = None, *, after: bool = False
) -> CrashInjector:
    """Delete the group while rows are being stored."""

    def delete_group() -> None:
        group = harness.groups.index("demo").find_by_name(name)
        if group and harness.imports.get_import("demo", "imp-1").status is Status.IMPORTING:
            harness.groups.indexes["demo"] = harness.groups.index("demo").without(group.group_id)

    return CrashInjector(at, after=after, before_each_call=delete_group)


@pytest.mark.parametrize(
    ("on_error", "ends", "remaining"),
    [
        pytest.param(OnError.ABORT, (Status.FAILED, Reason.ROWS_REFUSED, Counts(2, 0, 1)), set(), id="abort"),
        pytest.param(OnError.SKIP, (Status.PARTIAL, None, Counts(2, 1, 1)), {"Press"}, id="skip"),
    ],
)
def test_on_error_abort_undoes_all_rows_if_one_is_refused_while_storing(
    harness: CustomerHarness, on_error: OnError, ends: tuple[Status, Reason | None, Counts], remaining: set[str]
) -> None:
    harness.group("Press")
    harness.group("Crew")
    source = harness.upload(f"{HEAD}{ANN},Press\n{BOB},Crew\n", on_error=on_error)
    record = harness.run(source, injector=without_while_storing(harness, "Crew"))
    assert (record.status, record.reason, record.counts) == ends
    assert (harness.of(ANN), harness.of(BOB)) == (remaining, set())
    assert codes(harness) == [(3, "unknown_group")]
    assert harness.imports.mails == ["imp-1"]


def test_a_file_whose_rows_are_all_refused_while_storing_fails(harness: CustomerHarness) -> None:
    harness.group("Crew")
    record = harness.run(harness.upload(f"{HEAD}{ANN},Crew\n"), injector=without_while_storing(harness, "Crew"))
    assert (record.status, record.reason, record.counts) == (Status.FAILED, Reason.NO_GOOD_ROW, Counts(1, 0, 1))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 19))
def test_after_a_worker_dies_during_an_undo_another_completes_it(
    harness: CustomerHarness, at: int, *, after: bool
) -> None:
    harness.member(ANN, harness.group("Press"))
    harness.group("Crew")
    source = harness.upload(f"{HEAD}{ANN},\n{BOB},Press\n{CY},Crew\n", on_error=OnError.ABORT)
    with pytest.raises(Killed):
        harness.run(source, injector=without_while_storing(harness, "Crew", at, after=after))
    harness.silence()
    record = harness.run(injector=without_while_storing(harness, "Crew"))
    assert (record.status, record.counts) == (Status.FAILED, Counts(3, 0, 1))
    assert (harness.of(ANN), harness.of(BOB), harness.imports.mails) == ({"Press"}, set(), ["imp-1"])
