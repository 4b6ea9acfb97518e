"""A file as text: how its bytes become lines and its lines rows."""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from guestlist.imports.reading.encoding import Encoding
from guestlist.imports.reading.lines import END_OF_FILE, physical_lines
from guestlist.imports.reading.records import Name, Record, column_name, split_records

_SAMPLE_LINES = 1_000
_SAMPLE_LETTERS = 262_144


@dataclass(frozen=True, slots=True)
class Text:
    """A file on disk and what is known of its text; `first_line` is 2 where the first only tells the delimiter."""

    path: Path
    encoding: Encoding
    delimiter: str | None = None
    first_line: int = 1

    def lines(self) -> Iterator[str]:
        """All physical lines, from the first to be read on."""
        with self._opened() as text:
            lines = physical_lines(text)
            for _ in range(1, self.first_line):
                next(lines, None)
            yield from lines

    def pieces(self, letters: int) -> Iterator[str]:
        """The same text in pieces of at most so many letters, wherever that cuts it."""
        decode = getincrementaldecoder(self.encoding.name)().decode
        with self.path.open("rb") as file:
            file.seek(self.encoding.skip + self._above)
            yield from map(decode, iter(partial(file.read, letters), b""))

    @property
    def _above(self) -> int:
        """The bytes above the first line to be read on."""
        with self._opened() as text:
            above = islice(physical_lines(text), self.first_line - 1)
            return len("".join(above).encode(self.encoding.name))

    @contextmanager
    def _opened(self) -> Iterator[TextIOWrapper]:
        with self.path.open("rb") as file:
            file.seek(self.encoding.skip)
            with TextIOWrapper(file, encoding=self.encoding.name, newline="") as text:
                yield text

    def records(self, name: Name = column_name) -> Iterator[Record]:
        """All rows that hold anything."""
        return split_records(self.lines(), self.delimiter, name, self.first_line)

    def sample(self) -> list[str]:
        """The first lines that are not blank, as many as it takes to see how the file is made."""
        sample: list[str] = []
        letters = 0
        for line in self.lines():
            if line.strip(f' \t\r\n,;|"{END_OF_FILE}'):
                sample.append(line)
                letters += len(line)
            if len(sample) == _SAMPLE_LINES or letters > _SAMPLE_LETTERS:
                break
        return sample
