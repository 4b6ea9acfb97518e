"""A customer file of which all rows are wanted or none, and one is refused only while they are stored."""

from pathlib import Path

import pytest

from guestlist.imports.model import Counts, OnError, Reason, Status
from tests.fakes.breaking import Fuse, Killed
from tests.unit.customers.floor import CustomerFloor
from tests.unit.customers.test_run import ANN, BOB, CY, HEAD, codes


@pytest.fixture
def floor(tmp_path: Path) -> CustomerFloor:
    return CustomerFloor(tmp_path)


def without_while_storing(floor: CustomerFloor, name: str, at: int | None = None, *, after: bool = False) -> Fuse:
    """The group of that name is gone as soon as rows are being stored."""

    def gone() -> None:
        group = floor.groups.index("demo").named(name)
        if group and floor.imports.get("demo", "imp-1").status is Status.IMPORTING:
            floor.groups.indexes["demo"] = floor.groups.index("demo").without(group.group_id)

    return Fuse(at, after=after, also=gone)


@pytest.mark.parametrize(
    ("on_error", "ends", "left"),
    [
        pytest.param(OnError.ABORT, (Status.FAILED, Reason.ROWS_REFUSED, Counts(2, 0, 1)), set(), id="abort"),
        pytest.param(OnError.SKIP, (Status.PARTIAL, None, Counts(2, 1, 1)), {"Press"}, id="skip"),
    ],
)
def test_a_row_that_is_refused_only_while_storing_takes_the_others_back_where_all_are_wanted(
    floor: CustomerFloor, on_error: OnError, ends: tuple[Status, Reason | None, Counts], left: set[str]
) -> None:
    floor.group("Press")
    floor.group("Crew")
    source = floor.sent(f"{HEAD}{ANN},Press\n{BOB},Crew\n", on_error=on_error)
    record = floor.run(source, fuse=without_while_storing(floor, "Crew"))
    assert (record.status, record.reason, record.counts) == ends
    assert (floor.of(ANN), floor.of(BOB)) == (left, set())
    assert codes(floor) == [(3, "unknown_group")]
    assert floor.imports.mails == ["imp-1"]


def test_a_file_of_which_no_row_is_good_any_more_while_storing_fails(floor: CustomerFloor) -> None:
    floor.group("Crew")
    record = floor.run(floor.sent(f"{HEAD}{ANN},Crew\n"), fuse=without_while_storing(floor, "Crew"))
    assert (record.status, record.reason, record.counts) == (Status.FAILED, Reason.NO_GOOD_ROW, Counts(1, 0, 1))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 19))
def test_a_worker_that_dies_before_all_is_taken_back_is_followed_by_one_that_ends_it(
    floor: CustomerFloor, at: int, *, after: bool
) -> None:
    floor.member(ANN, floor.group("Press"))
    floor.group("Crew")
    source = floor.sent(f"{HEAD}{ANN},\n{BOB},Press\n{CY},Crew\n", on_error=OnError.ABORT)
    with pytest.raises(Killed):
        floor.run(source, fuse=without_while_storing(floor, "Crew", at, after=after))
    floor.silence()
    record = floor.run(fuse=without_while_storing(floor, "Crew"))
    assert (record.status, record.counts) == (Status.FAILED, Counts(3, 0, 1))
    assert (floor.of(ANN), floor.of(BOB), floor.imports.mails) == ({"Press"}, set(), ["imp-1"])
