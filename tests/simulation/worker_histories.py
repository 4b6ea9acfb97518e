"""Random histories of workers shared by organisers: some drop more files than there are workers, others only one."""

from collections import Counter

from guestlist.imports.model import Status
from tests.simulation.import_workers import Imported
from tests.simulation.network import Faults

STORM = Faults(lost_request=0.02, lost_answer=0.02, copied=0.01, skew=2)
LONGEST = 300.0
"""How long a file takes at most, in seconds."""
_BIG, _SMALL = 3, 3
_EACH = (16, 20)
_DROPPING = 120.0
_WAIT = 2.5 * LONGEST
_END = 3 * 3600.0
"""A turn that was lost, as when five answers in a row were, comes an hour later, from the timer."""


class WorkerHistory:
    """Some organisers with many files and some with one; `run` answers which laws their history broke."""

    def __init__(self, seed: int) -> None:
        self.imported = Imported(seed, lambda: self.model.time.random.uniform(0.7, 1) * LONGEST, {})
        self.model = self.imported.model
        self.dropped: dict[str, float] = {}
        self.big: set[str] = set()

    def run(self) -> set[str]:
        """The broken laws."""
        time = self.model.time
        with self.imported.running():
            self.model.network.faults = STORM
            for number in range(_BIG):
                self.big |= {self._drop(f"big-{number}", file) for file in range(time.random.randrange(*_EACH))}
            for number in range(_SMALL):
                when = time.now + time.random.uniform(0, _DROPPING)
                time.at(when, lambda number=number: self._drop(f"small-{number}", 0))
            self.imported.watchdog()
            time.run(time.now + _END)
            return self._broken()

    def _drop(self, organiser: str, file: int) -> str:
        key = self.imported.drop(organiser, f"Group {file}", "list.csv", f"Code\n{organiser}-{file}\n")
        self.dropped[key] = self.model.time.now
        return key

    # Laws

    def waits(self) -> dict[str, float]:
        """The waiting time of each file for a worker."""
        begun = self.imported.files.begun
        return {key: begun.get(key, self.model.time.now) - at for key, at in self.dropped.items()}

    def _broken(self) -> set[str]:
        broken = set()
        if any(wait > _WAIT for key, wait in self.waits().items() if key not in self.big):
            broken.add("nobody waits for the files of another organiser without bound")
        if self.imported.ends != Counter({(key, Status.COMPLETE): 1 for key in self.dropped}):
            broken.add("each file has its turn, and is imported once")
        return broken
