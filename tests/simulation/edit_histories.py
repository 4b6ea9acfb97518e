"""Random histories of one list: several people edit it while requests fail, another list takes its place, and somebody
who stands on both is erased.

Each person has codes of their own, so that it is known of each code what was done to it last.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, NamedTuple

from guestlist.erasure.list_versions import ListErasure
from guestlist.erasure.model import AddressMatcher, ErasureProgress
from guestlist.erasure.worker import RECHECK_DELAY
from guestlist.groups.index import IndexedGroup, ScheduledVersion
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.model import Mode
from guestlist.imports.store import Imports
from guestlist.lists.editing import EntryName, EntryRow, ListEditor
from guestlist.lists.entry import Entry
from guestlist.lists.expired_versions import ExpiredVersions
from guestlist.lists.importing.build import build
from guestlist.lists.importing.changes import Edit
from guestlist.lists.packed_list import PackedList, TextId, entries_by_partition
from guestlist.lists.store import PackedListStore
from guestlist.lists.version_store import ListVersions
from tests.simulation.capacity import Capacity
from tests.simulation.fleet import FAILURES, ORG, Fleet, Process, opened
from tests.simulation.network import Faults, Model
from tests.unit.checkout.builders import group
from tests.unit.lists.builders import sorted_rows

OLD, NEW, GROUP = "OLD", "NEW", "list"
ANNA = "anna@example.com"
STORM = Faults(lost_request=0.03, lost_answer=0.03, dies=0.03, skew=2)
_PEOPLE, _EDITS, _CHECKS = 3, 6, 20
_WHOLE = 60.0
_UNSURE = 8.0
"""An edit so near to the instant may fall on either side of it: it takes some seconds, and clocks are wrong."""


class Deed(NamedTuple):
    """An edit of a code with its start and end; `added` is None if the outcome is unknown."""

    begin: float
    end: float
    added: bool | None


class EditHistory:
    """One list, and another one that is to come; `run` answers which laws their history broke."""

    def __init__(self, seed: int) -> None:
        self.model = Model(seed, Capacity(40_000, 40_000))
        self.deeds: dict[str, list[Deed]] = {}
        self.broken: set[str] = set()
        self.erased = False
        self.progress = ErasureProgress()
        self.instant = self.model.time.now + _WHOLE / 2
        self.at = self.model.time.instant + timedelta(seconds=_WHOLE / 2)

    def run(self) -> set[str]:
        """The broken laws."""
        model = self.model
        with model.running(), TemporaryDirectory() as folder:
            self._open()
            model.network.faults = STORM
            self.fleet = Fleet(model)
            for person in range(_PEOPLE):
                model.time.spawn(lambda person=person: self._edits(f"P{person}", Path(folder)))
                model.time.spawn(self._checks)
            model.time.spawn(self._erases)
            model.time.run(model.time.now + 20 * _WHOLE)
            model.network.faults = Faults()
            self._compared()
        return self.broken

    def _open(self) -> None:
        opened(self.model).lists(Entry(OLD), Entry(email=ANNA), of=group(GROUP))
        list_store = PackedListStore(self.model.table(), ORG, GROUP)
        with sorted_rows([Entry(NEW), Entry(email=ANNA)]) as rows:
            built = build(rows, Mode.CREATE, PackedList(), "coming.0", list_store, lambda _: None, lambda _: None)
        assert built.base is not None
        coming = ScheduledVersion(self.at, built.base, built.entries)
        indexes = GroupIndexes(self.model.table(), lambda: self.model.time.instant)
        index = indexes.read_group_index(ORG)
        indexes.write_group_index(ORG, index.with_group(replace(index.groups[GROUP], scheduled=(coming,))))

    # What is done

    def _edits(self, person: str, folder: Path) -> None:
        random, time = self.model.time.random, self.model.time
        began = time.now
        for number in range(_EDITS):
            # All at about the same time, so that each may be the second one.
            time.elapse(max(0.0, began + _WHOLE / _EDITS * number - time.now) + random.uniform(0, 0.05))
            code, how = f"{person}-{random.randrange(2)}", random.choice([Edit.ADD, Edit.ADD, Edit.REMOVE])
            begin, added = time.now, None
            with suppress(*FAILURES):
                self._edit(code, how, f"{person}{number}", folder)
                added = how is Edit.ADD
            self.deeds.setdefault(code, []).append(Deed(begin, time.now, added))

    def _edit(self, code: str, how: Edit, import_id: str, folder: Path) -> None:
        now = self.model.clock()
        table = self.model.table(now)
        indexes = GroupIndexes(table, now)
        editor = ListEditor(
            org=ORG,
            by="me",
            now=now(),
            imports=Imports(table, indexes),
            indexes=indexes,
            list_store=lambda org, group_id: PackedListStore(table, org, group_id),
            expired_versions=ExpiredVersions(table),
            folder=folder,
        )
        editor.edit(GROUP, how, [EntryRow(code=code) if how is Edit.ADD else EntryName(code=code)], import_id)

    def _erases(self) -> None:
        """Erase Anna from the lists, by one worker after the other, each going on where the last one died."""
        self.model.time.elapse(self.model.time.random.uniform(0, _WHOLE))
        while not self.erased:
            with suppress(*FAILURES):
                for here in self._list_of().clean(self.progress):
                    self._save_progress(here)
                if self.progress.again:
                    self._save_progress(ErasureProgress())
                    self.model.time.elapse(RECHECK_DELAY.total_seconds())
                else:
                    self.erased = True

    def _save_progress(self, here: ErasureProgress) -> None:
        self.progress = here

    def _list_of(self) -> ListErasure:
        now = self.model.clock()
        table = self.model.table(now)
        indexes = GroupIndexes(table, now)
        ports: Any = SimpleNamespace(
            list_store=lambda org, group_id: PackedListStore(table, org, group_id),
            indexes=indexes,
            groups=SimpleNamespace(get_group=lambda _org, _group_id: None),
            imports=Imports(table, indexes),
            versions=ListVersions(table, indexes).list_versions,
            due=ListVersions(table, indexes).due,
            delete_indexes=lambda _group_id: False,
            now=now,
        )
        return ListErasure(
            org=ORG, group_id=GROUP, person=AddressMatcher(ANNA), ports=ports, save_progress=self._save_progress
        )

    def _checks(self) -> None:
        random = self.model.time.random
        for _ in range(_CHECKS):
            self.model.time.elapse(random.expovariate(_CHECKS / _WHOLE))
            with suppress(*FAILURES):
                self.fleet.call(self._check)

    def _check(self, process: Process) -> None:
        code, now = self.model.time.random.choice([OLD, NEW]), process.clock()
        answer = process.check(code).code
        has_begun = self.at <= now
        if abs(self.model.time.now - self.instant) < 2 * STORM.skew:
            return  # whoever edits writes the list as it is by their clock
        if answer and answer.valid is not ((code == NEW) is has_begun):
            self.broken.add("a list becomes current at its instant, but for what clocks differ")

    # Laws

    def _compared(self) -> None:
        codes = {entry.code for entry in self._entries()} - {""}
        if self.erased and any("anna" in text for text in self._texts()):
            self.broken.add("who was erased stands in no version of a list")
        if not {NEW} <= codes <= {NEW, *self.deeds}:
            self.broken.add("the list that was to come is current, and nothing of the one before it is left")
        for code, deeds in self.deeds.items():
            expected = self._expected(deeds)
            if expected is not None and (code in codes) is not expected:
                self.broken.add("an edit that was answered stands, whoever else edits")

    def _expected(self, deeds: list[Deed]) -> bool | None:
        """Whether the code must be in the final list; None if that depends on an unknown outcome."""
        since = [deed.added for deed in deeds if deed.begin > self.instant + _UNSURE]
        if since:
            return since[-1]
        return None if any(deed.end > self.instant - _UNSURE for deed in deeds) else False

    def _texts(self) -> Iterator[str]:
        list_store = PackedListStore(self.model.table(), ORG, GROUP)
        for header in list_store.versions():
            version = header.version
            yield from list_store.read_texts(
                [TextId(version.version_id, number) for number in range(version.partitions)]
            ).values()

    def _entries(self) -> Iterator[Entry]:
        table = self.model.table()
        listed: IndexedGroup = GroupIndexes(table, lambda: self.model.time.instant).read_group_index(ORG).groups[GROUP]
        read = PackedListStore(table, ORG, GROUP).read_texts
        return (
            entry for _, some in entries_by_partition(read, PackedList(listed.base, listed.overlay)) for entry in some
        )
