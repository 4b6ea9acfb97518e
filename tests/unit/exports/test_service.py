"""An export is made once for each request, and completely, even if its workers crash."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from guestlist.exports import service as exports_service
from guestlist.exports.rows import HEADERS, Row
from guestlist.exports.service import MAX_ROWS_AT_ONCE, Export, ExportPorts, request_export, run_export
from guestlist.groups.index import GroupType
from tests.fakes.crash_injection import Killed
from tests.fakes.exports import FakeExports, FakeFiles, FakeQueue
from tests.unit.groups.builders import NOW

MANY = MAX_ROWS_AT_ONCE + 1


@dataclass
class Harness:
    """A group of so many rows, with calls that request and write its export; parts have some hundred bytes."""

    rows: int = MANY
    exports: FakeExports = field(default_factory=FakeExports)
    files: FakeFiles = field(default_factory=FakeFiles)
    queue: FakeQueue = field(default_factory=FakeQueue)
    killed_at: int | None = None

    def __post_init__(self) -> None:
        self._ids = count()

    @property
    def workshop(self) -> ExportPorts:
        return ExportPorts(exports=self.exports, files=self.files, queue=self.queue, rows=self._rows)

    def _rows(self, export: Export) -> Iterator[Row]:
        for number in range(export.behind["number"] if export.behind else 0, self.rows):
            if number == self.killed_at:
                raise Killed
            yield {"number": number + 1}, (f"p{number}@example.com", "", "", "", "", "")

    def ask(self, at: datetime = NOW) -> Export | None:
        export_id = f"x{next(self._ids)}"
        export = Export(organiser_id="demo", group_id="g1", type=GroupType.MANUAL, export_id=export_id, heard_at=at)
        return request_export(export, self.rows, at, self.workshop)

    def work(self, export_id: str, more: Callable[[], bool] = lambda: True, at: datetime = NOW) -> Export | None:
        return run_export("demo", "g1", export_id, lambda: at, more, self.workshop)

    def content(self, export: Export | None) -> list[str]:
        assert export is not None
        return self.files.whole[export.key].decode("utf-8-sig").splitlines()

    @property
    def whole(self) -> list[str]:
        rows = [HEADERS[GroupType.MANUAL], *((f"p{number}@example.com", *[""] * 5) for number in range(self.rows))]
        return [",".join(f'"{cell}"' for cell in row) for row in rows]


@pytest.fixture
def harness(monkeypatch: pytest.MonkeyPatch) -> Harness:
    monkeypatch.setattr(exports_service, "PART_SIZE", 300)
    return Harness()


@pytest.mark.behaviour(216)
def test_a_small_export_is_ready_at_once() -> None:
    harness = Harness(rows=MAX_ROWS_AT_ONCE)
    assert harness.content(harness.ask()) == harness.whole
    assert harness.queue.queued == []


def test_the_export_of_an_empty_group_is_its_header() -> None:
    harness = Harness(rows=0)
    assert harness.content(harness.ask()) == harness.whole


@pytest.mark.behaviour(216)
def test_a_large_export_is_written_by_a_worker(harness: Harness) -> None:
    assert harness.ask() is None
    assert harness.ask() is None
    harness.work(*harness.queue.queued)
    assert harness.content(harness.ask()) == harness.whole


def test_a_large_export_is_returned_once(harness: Harness) -> None:
    harness.ask()
    harness.work("x0")
    first = harness.ask()
    assert harness.ask() is None
    harness.rows += 1
    harness.work(harness.queue.queued[-1])
    second = harness.ask()
    assert first is not None
    assert harness.content(second) == harness.whole
    assert second is not None
    assert first.key != second.key


def test_an_expired_export_is_written_again(harness: Harness) -> None:
    harness.ask()
    harness.work("x0")
    assert harness.ask(NOW + exports_service.FETCH_PERIOD) is None
    assert harness.queue.queued == ["x0", "x1"]


def test_a_worker_short_of_time_leaves_the_rest_to_another(harness: Harness) -> None:
    harness.ask()
    rows = 0
    while (export := harness.work("x0", Short(rows).more)) and not export.ready_at:
        rows = 40
    assert len(harness.queue.queued) > 10
    assert harness.content(harness.ask()) == harness.whole


@dataclass
class Short:
    """Time for so many rows."""

    rows: int

    def more(self) -> bool:
        self.rows -= 1
        return self.rows > 0


@pytest.mark.parametrize("at", [0, 1, 500, MANY - 1])
def test_after_a_worker_dies_the_export_starts_over(harness: Harness, at: int) -> None:
    harness.ask()
    harness.killed_at = at
    with pytest.raises(Killed):
        harness.work("x0")
    harness.killed_at = None
    assert harness.work("x0") is None, "a message that comes again is no reason to work beside another"
    assert harness.ask(NOW + exports_service.WORKER_TIMEOUT - timedelta(seconds=1)) is None
    assert harness.queue.queued == ["x0"]
    assert harness.ask(NOW + exports_service.WORKER_TIMEOUT) is None
    harness.work("x2")
    assert harness.content(harness.ask()) == harness.whole


def test_a_late_worker_changes_nothing(harness: Harness) -> None:
    harness.ask()
    stale = harness.exports.stored["demo", "g1", ""]
    harness.exports.stored["demo", "g1", ""] = replace(stale, working=True)
    harness.ask(NOW + exports_service.WORKER_TIMEOUT)
    assert harness.work("x0") is None
    export = harness.work("x1")
    assert export is not None
    assert export.ready_at


def test_a_worker_stops_if_another_export_was_begun_meanwhile(harness: Harness) -> None:
    harness.ask()

    def given_up() -> bool:
        harness.ask(NOW + exports_service.WORKER_TIMEOUT)
        return True

    assert harness.work("x0", given_up) is None
    assert harness.files.whole == {}
    harness.work(harness.queue.queued[-1], at=NOW + exports_service.WORKER_TIMEOUT)
    assert harness.content(harness.ask(NOW + exports_service.WORKER_TIMEOUT)) == harness.whole


def test_a_worker_that_never_started_is_requested_again(harness: Harness) -> None:
    harness.ask()
    harness.ask(NOW + exports_service.REQUEUE_INTERVAL - timedelta(seconds=1))
    assert harness.queue.queued == ["x0"]
    harness.ask(NOW + exports_service.REQUEUE_INTERVAL)
    assert harness.queue.queued == ["x0", "x0"]
    harness.work("x0")
    assert harness.work("x0") is None
    assert harness.content(harness.ask()) == harness.whole


def test_concurrent_requests_queue_one_worker(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness.exports, "get_export", lambda _org, _group_id, _used: None)
    assert harness.ask() is None
    assert harness.ask() is None
    assert harness.queue.queued == ["x0"]
