"""A file as text: decoding of its bytes into lines, and of its lines into rows."""

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from guestlist.imports.reading.encoding import Encoding
from guestlist.imports.reading.lines import (
    ANY_DELIMITER,
    BlankLines,
    Lines,
    blank_lines,
    lines_and_blanks,
    physical_lines,
)
from guestlist.imports.reading.records import NameColumn, Record, column_name, split_records

_SAMPLE_LINES = 1_000
_SAMPLE_LENGTH = 262_144


def no_heartbeat() -> None:
    """Do nothing: the default for `heartbeat`."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file on disk and the format of its text; `first_line` is 2 if the first only declares the delimiter.

    `heartbeat` is called repeatedly while the file is read, even through long blank parts.
    """

    path: Path
    encoding: Encoding
    delimiter: str | None = None
    first_line: int = 1
    heartbeat: Callable[[], None] = field(default=no_heartbeat, compare=False)

    def lines(self) -> Iterator[str]:
        """Yield the physical lines, from `first_line` on."""
        with self._opened() as text:
            yield from islice(physical_lines(self._reader(text)), self.first_line - 1, None)

    def _lines_and_blanks(self, blank: BlankLines) -> Iterator[Lines]:
        """Yield the same lines, blank ones many at a time; a line that declares the delimiter is not blank."""
        with self._opened() as text:
            yield from islice(lines_and_blanks(self._reader(text), blank), self.first_line - 1, None)

    def pieces(self, size: int) -> Iterator[str]:
        """Yield the same text in pieces of at most `size` bytes, cut anywhere between characters."""
        decode = getincrementaldecoder(self.encoding.name)().decode
        with self.path.open("rb") as file:
            file.seek(self.encoding.skip + self._above)
            while piece := file.read(size):
                self.heartbeat()
                yield decode(piece)

    def _reader(self, text: TextIOWrapper) -> Callable[[int], str]:
        def read(size: int) -> str:
            self.heartbeat()
            return text.read(size)

        return read

    @property
    def _above(self) -> int:
        """The number of bytes before `first_line`."""
        with self._opened() as text:
            above = islice(physical_lines(text.read), self.first_line - 1)
            return len("".join(above).encode(self.encoding.name))

    @contextmanager
    def _opened(self) -> Iterator[TextIOWrapper]:
        with self.path.open("rb") as file:
            file.seek(self.encoding.skip)
            with TextIOWrapper(file, encoding=self.encoding.name, newline="") as text:
                yield text

    def records(self, name: NameColumn = column_name) -> Iterator[Record]:
        """Yield the rows that are not blank."""
        return split_records(self._lines_and_blanks(blank_lines(self.delimiter)), self.delimiter, name, self.first_line)

    def sample(self) -> list[str]:
        """The first lines that are not blank, enough to detect the format of the file."""
        sample: list[str] = []
        length = 0
        for line in self._lines_and_blanks(ANY_DELIMITER):
            if isinstance(line, str) and line.strip(ANY_DELIMITER.letters):
                sample.append(line)
                length += len(line)
            if len(sample) == _SAMPLE_LINES or length > _SAMPLE_LENGTH:
                break
        return sample
