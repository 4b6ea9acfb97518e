"""Texts seen so far in a file, stored on disk."""

from collections.abc import Iterable
from pathlib import Path

from guestlist.imports.reading.temporary_database import TemporaryDatabase


class FirstLines(TemporaryDatabase):
    """Texts with the line on which each was seen first."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "seen (text TEXT PRIMARY KEY, line INTEGER NOT NULL)")

    def first_lines(self, texts: Iterable[tuple[str, int]]) -> dict[str, int]:
        """Store texts with their lines, and return the first line of each, which may be the one given."""
        firsts: dict[str, int] = {}
        for text, line in texts:
            firsts.setdefault(text, line)
        before = self._database.total_changes
        self._database.execute("BEGIN")
        self._database.executemany("INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", firsts.items())
        self._database.execute("COMMIT")
        if self._database.total_changes - before == len(firsts):
            return firsts
        return {text: self._line(text) for text in firsts}

    def _line(self, text: str) -> int:
        row: tuple[int] = self._database.execute("SELECT line FROM seen WHERE text = ?", (text,)).fetchone()
        return row[0]
