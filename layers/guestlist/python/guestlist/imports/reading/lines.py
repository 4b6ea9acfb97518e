"""Splitting of a text into physical lines of any length in bounded memory; runs of blank lines stay together."""

import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from io import StringIO
from typing import NamedTuple

END_OF_FILE = "\x1a"
MAX_ROW_LENGTH = 131_072
"""Most characters of a row; also the csv module's limit for one cell."""

_CHUNK = 1 << 16
_SHORT_MEAN_LENGTH = 4
_SHORTEST_RUN = 64
_LONE_RETURN = re.compile("\r(?!\n)")
_LINE_START = r"(?<![^\r\n])(?!(?<=\r)\n)"
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))


class Blanks(NamedTuple):
    """A run of complete blank lines with their line ends, and their number."""

    text: str
    lines: int

    def split(self) -> "tuple[str, Blanks | None]":
        """Split off the first line; return it and the other lines, None if there are none."""
        first = StringIO(self.text, newline="").readline()
        return first, Blanks(self.text[len(first) :], self.lines - 1) if self.lines > 1 else None


Lines = str | Blanks
"""One line, or a run of blank ones."""


class BlankLines:
    """Recogniser of blank lines: those of spaces and `letters` alone, and those that match the pattern `line`."""

    def __init__(self, letters: str, line: str) -> None:
        self.letters = _SPACES + END_OF_FILE + letters
        self._line = line

    @cached_property
    def _runs(self) -> re.Pattern[str]:
        # Compiled on first use: few files need it, and compiling takes as long as reading a thousand rows.
        return re.compile(rf"{_LINE_START}(?:{self._line}(?:\r\n?|\n)){{{_SHORTEST_RUN},}}+")

    def cover(self, text: str) -> bool:
        """Whether all these complete lines are blank.

        Runs of fewer than 64 lines with quoted cells are not recognised.
        """
        if text.strip(self.letters):
            return text[:1] in '" \t,;|\r\n' and self._runs.fullmatch(text) is not None
        return True

    def split(self, text: str) -> Iterator[Lines]:
        """Split a text of complete lines; runs of blank ones stay together if most lines are short."""
        if self.cover(text):
            yield Blanks(text, line_ends(text))
            return
        end = 0
        for run in self._runs.finditer(text) if line_ends(text) * _SHORT_MEAN_LENGTH > len(text) else ():
            yield from StringIO(text[end : run.start()], newline="")
            yield Blanks(run[0], line_ends(run[0]))
            end = run.end()
        yield from StringIO(text[end:], newline="")


ANY_DELIMITER = BlankLines(',;|"', r'[ \t,;|"]*+')
"""Recogniser for any of the usual delimiters, while that of the file is unknown."""


@cache
def blank_lines(delimiter: str | None) -> BlankLines:
    """The recogniser for this delimiter; None means that each line is one cell."""
    if delimiter is None:
        return BlankLines(",;|", r'(?:""|[ \t,;|]*+)')
    cell = r'(?:""|[ \t]*+)'
    return BlankLines(delimiter, rf"{cell}(?:{re.escape(delimiter)}{cell})*+")


def lines_and_blanks(read_text: Callable[[int], str], blank: BlankLines) -> Iterator[Lines]:
    r"""Yield all lines of a file with their ends: `\n`, `\r\n` or a lone `\r`; open it with `newline=""`.

    A longer line is cut to `MAX_ROW_LENGTH` characters. A Ctrl-Z at the end of the file, written by old
    programs, is omitted.
    """
    rest = ""
    while text := read_text(_CHUNK):
        text = rest + text
        end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
        complete, rest = text[:end], text[end:]
        if len(rest) > MAX_ROW_LENGTH + 1:
            rest = rest[:MAX_ROW_LENGTH] + rest[-1]
        if len(complete) > MAX_ROW_LENGTH:
            yield from (line[:MAX_ROW_LENGTH] for line in StringIO(complete, newline=""))
        elif complete:
            yield from blank.split(complete)
    if rest := rest.rstrip(END_OF_FILE) if len(rest) < MAX_ROW_LENGTH else rest[:MAX_ROW_LENGTH]:
        yield rest


def line_ends(text: str) -> int:
    r"""Number of line ends in the text: `\n`, `\r\n` and lone `\r`."""
    feeds = text.count("\n")
    return feeds + len(_LONE_RETURN.findall(text)) if "\r" in text else feeds


def physical_lines(read_text: Callable[[int], str]) -> Iterator[str]:
    """Yield the lines of `lines_and_blanks` one by one."""
    for lines in lines_and_blanks(read_text, ANY_DELIMITER):
        yield from (lines,) if isinstance(lines, str) else StringIO(lines.text, newline="")


def physical(text: str) -> list[str]:
    """The lines of a text at their full length, with their ends."""
    if text.find("\n") == len(text) - 1 and text.find("\r", 0, -2) < 0:
        return [text]
    return list(StringIO(text, newline=""))
