"""A temporary database on disk, so that memory stays constant however long a file is."""

import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self


class TemporaryDatabase:
    """An SQLite file with these tables. Use it as a context manager, which deletes it at the end."""

    def __init__(self, path: Path, *tables: str) -> None:
        self._path = path
        self._database = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -16000"):
            self._database.execute(f"PRAGMA {pragma}")
        for table in tables:
            self._database.execute(f"CREATE TABLE {table} WITHOUT ROWID")

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close and delete the file."""
        self._database.close()
        self._path.unlink(missing_ok=True)
