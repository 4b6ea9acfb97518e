"""What has been seen so far in a file, kept on disk, so that memory stays flat however long it is."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self


class Seen:
    """Texts with the line on which each was met first. Use it as a context: it is gone afterwards."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -16000"):
            self._kept.execute(f"PRAGMA {pragma}")
        self._kept.execute("CREATE TABLE seen (text TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID")

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the disk back."""
        self._kept.close()
        self._path.unlink(missing_ok=True)

    def first_lines(self, met: Iterable[tuple[str, int]]) -> dict[str, int]:
        """Remember texts with their lines; answers the first line of each, which may be the one just told."""
        told = list(met)
        self._kept.execute("BEGIN")
        self._kept.executemany("INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", told)
        self._kept.execute("COMMIT")
        return {text: self._line(text) for text in dict(told)}

    def _line(self, text: str) -> int:
        found: tuple[int] = self._kept.execute("SELECT line FROM seen WHERE text = ?", (text,)).fetchone()
        return found[0]
