"""One pass over a file, gone on with by as many workers as it takes.

A worker reads the file from its beginning each time, which is quick, and looks at no row again that is
settled: what stood in the way of such a row may be gone by now, or be there only since. So the words on
rows that were found wanting are kept, and a row that is settled without one was good.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from guestlist.imports.job import Job
from guestlist.imports.model import Checkpoint, Import
from guestlist.imports.ports import RowResults
from guestlist.imports.reading.scratch import Scratch

RETENTION = timedelta(days=7)
_PASS, _PLACE, _SINCE = "pass", "place", "since"


def is_current_pass(record: Import, current_pass: str) -> bool:
    """Whether this pass is the one that the import is in."""
    return record.checkpoint is not None and record.checkpoint.get(_PASS) == current_pass


def initial_checkpoint(current_pass: str, since: datetime) -> Checkpoint:
    """The checkpoint of a pass that begins now."""
    return {_PASS: current_pass, _PLACE: 0, _SINCE: since.isoformat()}


class CheckpointedPass(Scratch):
    """A pass of this name. All places up to `place` are settled, 0 for none; it began at `since`.

    `numbers` are what was counted up to there. With `behind`, words of that earlier pass are words of this one.
    """

    def __init__(self, job: Job, name: str, row_results: RowResults, behind: str = "") -> None:
        super().__init__(job.folder / f"course-{name}", "found (line INTEGER PRIMARY KEY, word TEXT NOT NULL)")
        self._job = job
        self._name = name
        self._row_results = row_results
        fresh = initial_checkpoint(name, job.worker_context.time.now())
        checkpoint = (job.record.checkpoint or fresh) if is_current_pass(job.record, name) else fresh
        self.place = int(checkpoint[_PLACE])
        self.since = datetime.fromisoformat(str(checkpoint[_SINCE]))
        self.numbers = {word: int(number) for word, number in checkpoint.items() if word not in fresh}
        self._take_over(behind)

    def _take_over(self, behind: str) -> None:
        where = self._job.record.organiser_id, self._job.record.import_id
        self._row_results.forget(*where, self._name, self.place)
        self._kept.execute("BEGIN")
        for current_pass in filter(None, (behind, self._name if self.place else "")):
            results = self._row_results.noted(*where, current_pass)
            self._kept.executemany("INSERT OR REPLACE INTO found VALUES (?, ?)", results)
        self._kept.execute("COMMIT")

    def results_of(self, lines: Iterable[int]) -> dict[int, str]:
        """The words on those of the lines, all of settled places, on which something was found."""
        rows = (self._kept.execute("SELECT line, word FROM found WHERE line = ?", (line,)).fetchone() for line in lines)
        return {row[0]: row[1] for row in rows if row}

    def commit(self, place: int, results: Mapping[int, str], progress: float, **numbers: int) -> None:
        """All up to this place is done, these words were found and so much was counted since the beginning.

        Raises `LeaseLost`, and `OutOfTime` once another worker can go on behind this place.
        """
        record = self._job.record
        if results:
            until = self._job.worker_context.time.now() + RETENTION
            self._row_results.note(record.organiser_id, record.import_id, self._name, place, results, until)
        self.place = place
        self._job.lease.heartbeat(
            progress, {_PASS: self._name, _PLACE: place, _SINCE: self.since.isoformat(), **numbers}
        )
