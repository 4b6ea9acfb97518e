"""Random histories of files that are dropped to be added to a list: their messages come again, workers die between any
two calls, and somebody edits the list beside them.

Each file has codes of its own. One of them is removed once the file was imported, so that a second import shows.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.model import Import, Status
from guestlist.lists.editing import EntryName, EntryRow
from guestlist.lists.entry import Entry
from guestlist.lists.importing.changes import Edit
from guestlist.lists.packed_list import PackedList, entries_by_partition
from guestlist.lists.store import PackedListStore
from tests.simulation.fleet import FAILURES, ORG, opened
from tests.simulation.import_workers import Imported
from tests.simulation.network import Faults
from tests.unit.checkout.builders import group

GROUP, FIRST = "list", "FIRST"
STORM = Faults(lost_request=0.02, lost_answer=0.02, dies=0.01, copied=0.01, skew=2)
_FILES, _ROWS, _TRIES = 3, 3, 20
_DROPPING = 600.0
_HOURS = 12 * 3600.0


class DropHistory:
    """One list and the files that are added to it; `run` answers which laws their history broke."""

    def __init__(self, seed: int) -> None:
        self.imported = Imported(seed, lambda: self.model.time.random.uniform(0.1, 40), {"mode": "append"})
        self.model = self.imported.model
        self.files: dict[str, int] = {}
        self.edits = 0
        self.removed: set[str] = set()
        self.added: set[str] = set()
        self.broken: set[str] = set()

    def run(self) -> set[str]:
        """The broken laws."""
        time, network = self.model.time, self.model.network
        self.imported.when_changed = self._on_change
        with self.imported.running():
            opened(self.model).lists(Entry(FIRST), of=group(GROUP))
            network.faults = STORM
            for number in range(_FILES):
                time.spawn(lambda number=number: self._drop(number), time.now + time.random.uniform(0, _DROPPING))
            self.imported.watchdog()
            time.run(time.now + _HOURS / 2)
            network.faults = Faults()
            time.run(time.now + _HOURS / 2)
            self._compared()
        return self.broken

    # What is done

    def _drop(self, number: int) -> None:
        rows = "".join(f"F{number}-{row}\n" for row in range(_ROWS))
        notices = self.model.time.random.choice([1, 2, 3])
        key = self.imported.drop(ORG, group(GROUP).name, f"{number}.csv", f"Code\n{rows}", notices)
        self.files[key] = number

    def _on_change(self, record: Import) -> None:
        """Edit the list while a file is being added, and afterwards remove one of its codes."""
        if record.status is Status.IMPORTING:
            self.model.time.spawn(self._add)
        if record.status is Status.COMPLETE and record.source:
            number = self.files[record.source.key]
            self.model.time.spawn(lambda: self._remove(f"F{number}-0"))

    def _add(self) -> None:
        self.edits += 1
        code = f"E{self.edits}"
        self.model.time.elapse(self.model.time.random.uniform(0, 0.05))
        with suppress(*FAILURES):
            self.imported.new_worker().editor(ORG).edit(GROUP, Edit.ADD, [EntryRow(code=code)], f"edit-{code}")
            self.added.add(code)

    def _remove(self, code: str) -> None:
        """Remove the code, until that is answered."""
        for number in range(_TRIES):
            with suppress(*FAILURES):
                self.imported.new_worker().editor(ORG).edit(
                    GROUP, Edit.REMOVE, [EntryName(code=code)], f"remove-{code}-{number}"
                )
                self.removed.add(code)
                return

    # Laws

    def _compared(self) -> None:
        ends, listed_codes = self.imported.ends, {entry.code for entry in self._entries()}
        if {key for key, _ in ends} != set(self.files):
            self.broken.add("an import of a dropped file comes to its end")
        if max(Counter(key for key, _ in ends.elements()).values(), default=1) > 1 or self.removed & listed_codes:
            self.broken.add("a dropped file is imported once")
        expected = {FIRST, *self.added}
        for key, number in self.files.items():
            codes = {f"F{number}-{row}" for row in range(_ROWS)}
            expected |= codes if ends[key, Status.COMPLETE] else set()
            if ends[key, Status.FAILED] and codes & listed_codes:
                self.broken.add("of an import that failed nothing stays")
        if not expected - self.removed <= listed_codes:
            self.broken.add("what was imported and what was edited both stay")

    def _entries(self) -> Iterator[Entry]:
        table = self.model.table()
        listed = GroupIndexes(table, lambda: self.model.time.instant).read_group_index(ORG).groups[GROUP]
        read = PackedListStore(table, ORG, GROUP).read_texts
        return (
            entry for _, some in entries_by_partition(read, PackedList(listed.base, listed.overlay)) for entry in some
        )
