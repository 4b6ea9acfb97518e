"""Export of a group as a file: a small one at once, a large one by a worker, part by part.

A worker whose time runs out leaves the rest to another, which continues after the last part. If a worker died, the
next request starts another file under another key, so that late writes of the dead worker cannot reach it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from guestlist.exports.rows import HEADERS, Row
from guestlist.groups.index import GroupType, IndexedGroup
from guestlist.lists.difference import COLUMNS, Difference
from guestlist.lists.usage import Usage
from guestlist.model.csv_lines import UTF_8_MARK, csv_lines
from guestlist.model.errors import ConcurrentModification

FOLDER = "exports/"
"""The prefix of the keys of all exported files."""
MAX_ROWS_AT_ONCE = 1_000
"""The most rows of a group that is exported during the request."""
PART_SIZE = 8 << 20
"""The minimum size of a part in bytes; S3 requires five million bytes of every part but the last."""
FETCH_PERIOD = timedelta(minutes=15)
"""How long a complete file waits for the request that fetches it."""
REQUEUE_INTERVAL = timedelta(minutes=1)
"""How long an export without a worker waits before a request queues it again."""
WORKER_TIMEOUT = timedelta(minutes=5)
"""How long a worker may be silent before it counts as dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file of a group in creation, whose worker last reported at `heard_at`.

    `listed` is the list of a target group at the start, so that all rows are of one version; `used` limits the
    entries to those redeemed to that extent. With a `difference`, the file contains its rows instead. `parts` are the
    ETags of the stored parts, and `behind` is the position after which to continue. Each change increases `revision` by
    one, from 0 for an export that is not stored yet.
    """

    organiser_id: str
    group_id: str
    type: GroupType
    export_id: str
    heard_at: datetime
    working: bool = False
    ready_at: datetime | None = None
    listed: IndexedGroup | None = None
    used: Usage | None = None
    difference: Difference | None = None
    upload_id: str = ""
    parts: tuple[str, ...] = ()
    behind: Mapping[str, Any] | None = None
    revision: int = 0

    @property
    def name(self) -> str:
        """The name of the file in its group: empty for all rows, else that of the usage or of the compared version."""
        return f"diff-{self.difference.version_id}" if self.difference else self.used or ""

    @property
    def key(self) -> str:
        """The key of the file, which begins with its organiser."""
        return f"{FOLDER}{self.organiser_id}/{self.group_id}/{self.export_id}.csv"

    def is_abandoned(self, now: datetime) -> bool:
        """Whether its worker died, or it was complete and not fetched in time."""
        since = now - (self.ready_at or self.heard_at)
        return since >= FETCH_PERIOD if self.ready_at else self.working and since >= WORKER_TIMEOUT


class Exports(Protocol):
    """The exports of large groups; each group has at most one of each name."""

    def get_export(self, org: str, group_id: str, name: str = "") -> Export | None:
        """The current export of the group with this name; None without one."""

    def save_export(self, export: Export) -> Export:
        """Save the export as its next revision. Raises `ConcurrentModification`."""

    def delete_export(self, export: Export) -> None:
        """Delete the export. Raises `ConcurrentModification`."""


class Files(Protocol):
    """The store of files, which become visible when they are complete."""

    def put_file(self, key: str, text: bytes) -> None:
        """Store a complete file."""

    def begin_upload(self, key: str) -> str:
        """Begin a multipart file and return its upload id."""

    def upload_part(self, key: str, upload_id: str, number: int, text: bytes) -> str:
        """Store a part, numbered from 1, and return its ETag."""

    def complete_upload(self, key: str, upload_id: str, parts: Sequence[str]) -> None:
        """Complete the file from these parts."""


class Queue(Protocol):
    """The queue of the workers."""

    def export(self, org: str, group_id: str, export_id: str, name: str = "") -> None:
        """Queue an export to be started or resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPorts:
    """The ports of exports. `rows` reads an export's rows from its position on."""

    exports: Exports
    files: Files
    queue: Queue
    rows: Callable[[Export], Iterator[Row]]


def request_export(
    export: Export, size: int, now: datetime, ports: ExportPorts, max_rows: int = MAX_ROWS_AT_ONCE
) -> Export | None:
    """Return the file if it is complete; None while it is being created, which this starts if necessary.

    `size` is the approximate number of rows to read; up to `max_rows` the file is created at once. A large file is
    returned once; the next request starts a newer one.
    """
    current = ports.exports.get_export(export.organiser_id, export.group_id, export.name)
    if size <= max_rows and (current is None or current.is_abandoned(now)):
        ports.files.put_file(export.key, "".join(_lines(export, ports)).encode())
        return export
    try:
        if current is not None and current.ready_at and not current.is_abandoned(now):
            ports.exports.delete_export(current)
            return current
        _start_or_resume(current, export, now, ports)
    except ConcurrentModification:
        # Another request started it at the same time, or a worker has just made progress.
        return None
    return None


def _start_or_resume(current: Export | None, export: Export, now: datetime, ports: ExportPorts) -> None:
    if current is None or current.is_abandoned(now):
        started = ports.exports.save_export(replace(export, revision=current.revision if current else 0))
    elif not current.working and now - current.heard_at >= REQUEUE_INTERVAL:
        started = ports.exports.save_export(replace(current, heard_at=now))
    else:
        return
    ports.queue.export(started.organiser_id, started.group_id, started.export_id, started.name)


def run_export(
    org: str,
    group_id: str,
    export_id: str,
    clock: Callable[[], datetime],
    has_time: Callable[[], bool],
    ports: ExportPorts,
    name: str = "",
) -> Export | None:
    """Create the file, or continue it, while there is time; then another worker is queued.

    None if there is nothing to do: the export belongs to another worker, is complete, or was abandoned.
    """
    export = ports.exports.get_export(org, group_id, name)
    if export is None or export.export_id != export_id or export.working or export.ready_at:
        return None
    try:
        working = ports.exports.save_export(replace(export, working=True, heard_at=clock()))
        export = _Writer(working, clock, has_time, ports).resume()
    except ConcurrentModification:
        return None
    if not export.ready_at:
        ports.queue.export(org, group_id, export_id, name)
    return export


class _Writer:
    """The turn of one worker at a file. Raises `ConcurrentModification` if the export was abandoned meanwhile."""

    def __init__(
        self, export: Export, clock: Callable[[], datetime], has_time: Callable[[], bool], ports: ExportPorts
    ) -> None:
        self._export, self._clock, self._has_time, self._ports = export, clock, has_time, ports
        self._text = bytearray()
        self._position = export.behind

    def resume(self) -> Export:
        for line in _lines(self._export, self._ports, self._set_position):
            self._text += line.encode()
            if len(self._text) >= PART_SIZE:
                self._upload_part()
            if not self._has_time():
                return self._save(working=False)
        return self._complete()

    def _set_position(self, position: Mapping[str, Any]) -> None:
        self._position = position

    def _upload_part(self) -> None:
        export, files = self._export, self._ports.files
        upload_id = export.upload_id or files.begin_upload(export.key)
        etag = files.upload_part(export.key, upload_id, len(export.parts) + 1, bytes(self._text))
        self._text.clear()
        self._save(upload_id=upload_id, parts=(*export.parts, etag), behind=self._position)

    def _complete(self) -> Export:
        if not self._export.parts:
            self._ports.files.put_file(self._export.key, bytes(self._text))
        else:
            if self._text:
                self._upload_part()
            self._ports.files.complete_upload(self._export.key, self._export.upload_id, self._export.parts)
        return self._save(working=False, ready_at=self._clock())

    def _save(self, **changes: Any) -> Export:
        self._export = self._ports.exports.save_export(replace(self._export, heard_at=self._clock(), **changes))
        return self._export


def _lines(
    export: Export, ports: ExportPorts, on_row: Callable[[Mapping[str, Any]], object] = lambda _: None
) -> Iterator[str]:
    """The lines of the file from its position on; `on_row` is called with the position after a row, before its line.

    A row that is left out yields an empty text, so that the caller can check the time.
    """
    if export.behind is None:
        yield UTF_8_MARK
        yield from csv_lines([COLUMNS if export.difference else HEADERS[export.type]])
    for position, row in ports.rows(export):
        on_row(position)
        yield from csv_lines([row]) if row else [""]
