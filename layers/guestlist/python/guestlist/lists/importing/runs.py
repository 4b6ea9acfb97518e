"""Runs of lines in files, for an external sort."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

_BLOCK_SIZE = 5_000


class Run:
    """Lines in a file, whose former content is overwritten. `size` is in bytes, line ends included."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows = 0
        self.size = 0

    def add(self, lines: list[str]) -> None:
        """Append lines, none of which contains a line end."""
        data = "\n".join([*lines, ""]).encode()
        with self._path.open("ab" if self.rows else "wb") as file:
            file.write(data)
        self.rows += len(lines)
        self.size += len(data)

    def lines(self) -> Iterator[str]:
        """All lines, one by one."""
        if not self.rows:
            return
        with self._path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line[:-1]

    def read_all(self) -> list[str]:
        """All lines at once: faster than `lines`, with more memory."""
        if not self.rows:
            return []
        lines = self._path.read_bytes().decode().split("\n")
        del lines[-1]
        return lines

    def blocks(self) -> Iterator[list[str]]:
        """All lines, some thousands at a time."""
        lines = self.lines()
        while block := list(islice(lines, _BLOCK_SIZE)):
            yield block

    def split(self, start: int, stop: int) -> Iterator["Run"]:
        """Split into runs by the characters `start` to `stop` of a line, in the order of those.

        Each run is deleted when the next one is requested.
        """
        finer: dict[str, Run] = {}
        for block in self.blocks():
            lines_by_characters: dict[str, list[str]] = {}
            for line in block:
                lines_by_characters.setdefault(line[start:stop], []).append(line)
            for characters, lines in lines_by_characters.items():
                path = self._path.with_name(f"{self._path.name}-{characters}")
                finer.setdefault(characters, Run(path)).add(lines)
        for _, run in sorted(finer.items()):
            yield run
            run.remove()

    def remove(self) -> None:
        """Delete the file."""
        self._path.unlink()
