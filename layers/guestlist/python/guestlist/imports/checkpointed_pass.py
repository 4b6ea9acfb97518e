"""A pass over a file with checkpoints, which several workers may continue one after the other.

Each worker reads the file from its beginning, which is quick, but never evaluates a committed row again, since the
stored data that decided its result may have changed. So the results of rows with a problem are stored; a committed
row without a result was valid.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from guestlist.imports.job import Job
from guestlist.imports.model import Checkpoint, Import
from guestlist.imports.ports import RowResults
from guestlist.imports.reading.temporary_database import TemporaryDatabase

RETENTION = timedelta(days=7)
_PASS, _PLACE, _SINCE = "pass", "place", "since"


def is_current_pass(record: Import, current_pass: str) -> bool:
    """Whether the checkpoint of the import belongs to this pass."""
    return record.checkpoint is not None and record.checkpoint.get(_PASS) == current_pass


def initial_checkpoint(current_pass: str, since: datetime) -> Checkpoint:
    """The checkpoint of a pass that starts at `since`."""
    return {_PASS: current_pass, _PLACE: 0, _SINCE: since.isoformat()}


class CheckpointedPass(TemporaryDatabase):
    """A pass of this name, started at `since`. All places up to `place` are committed, 0 for none.

    `numbers` are the counts up to there. The results of a `previous` pass count as results of this one.
    """

    def __init__(self, job: Job, name: str, row_results: RowResults, previous: str = "") -> None:
        super().__init__(job.folder / f"pass-{name}", "results (line INTEGER PRIMARY KEY, result TEXT NOT NULL)")
        self._job = job
        self._name = name
        self._row_results = row_results
        initial = initial_checkpoint(name, job.worker_context.time.now())
        checkpoint = (job.record.checkpoint or initial) if is_current_pass(job.record, name) else initial
        self.place = int(checkpoint[_PLACE])
        self.since = datetime.fromisoformat(str(checkpoint[_SINCE]))
        self.numbers = {key: int(count) for key, count in checkpoint.items() if key not in initial}
        self._load_results(previous)

    def _load_results(self, previous: str) -> None:
        where = self._job.record.organiser_id, self._job.record.import_id
        self._row_results.delete_results(*where, self._name, self.place)
        self._database.execute("BEGIN")
        for current_pass in filter(None, (previous, self._name if self.place else "")):
            results = self._row_results.load_results(*where, current_pass)
            self._database.executemany("INSERT OR REPLACE INTO results VALUES (?, ?)", results)
        self._database.execute("COMMIT")

    def results_of(self, lines: Iterable[int]) -> dict[int, str]:
        """Results by line, for those of these committed lines that have one."""
        rows = (
            self._database.execute("SELECT line, result FROM results WHERE line = ?", (line,)).fetchone()
            for line in lines
        )
        return {row[0]: row[1] for row in rows if row}

    def commit(self, place: int, results: Mapping[int, str], progress: float, **numbers: int) -> None:
        """Commit all rows up to this place with their results by line, and the counts since the start of the pass.

        Raises `LeaseLost`, and `OutOfTime` once the checkpoint is saved.
        """
        record = self._job.record
        if results:
            until = self._job.worker_context.time.now() + RETENTION
            self._row_results.save_results(record.organiser_id, record.import_id, self._name, place, results, until)
        self.place = place
        self._job.lease.heartbeat(
            progress, {_PASS: self._name, _PLACE: place, _SINCE: self.since.isoformat(), **numbers}
        )
