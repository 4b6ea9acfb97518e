"""Physical lines of a text, however long they are, in bounded memory; lines that are blank many at a time."""

import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from io import StringIO
from typing import NamedTuple

END_OF_FILE = "\x1a"
MOST = 131_072
"""How many characters a row may have; also what the csv module takes for one cell."""

_AT_ONCE = 1 << 16
_SHORT = 4
_RUN = 64
_LONE_RETURN = re.compile("\r(?!\n)")
_LINE_START = r"(?<![^\r\n])(?!(?<=\r)\n)"
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))


class Blanks(NamedTuple):
    """Whole lines of which none holds anything, with their ends, and how many they are."""

    text: str
    lines: int

    def split(self) -> "tuple[str, Blanks | None]":
        """The first line, and the others."""
        first = StringIO(self.text, newline="").readline()
        return first, Blanks(self.text[len(first) :], self.lines - 1) if self.lines > 1 else None


Lines = str | Blanks
"""A line, or several blank ones."""


class BlankLines:
    """Recognises lines without content: those of these letters alone, and those that match `line`."""

    def __init__(self, letters: str, line: str) -> None:
        self.letters = _SPACES + END_OF_FILE + letters
        self._line = line

    @cached_property
    def _runs(self) -> re.Pattern[str]:
        # Few files need it, and it takes as long to compile as a thousand rows to read.
        return re.compile(rf"{_LINE_START}(?:{self._line}(?:\r\n?|\n)){{{_RUN},}}+")

    def cover(self, text: str) -> bool:
        """Whether all of these whole lines are blank; where cells are quoted, only if that shows quickly."""
        if text.strip(self.letters):
            return text[:1] in '" \t,;|\r\n' and self._runs.fullmatch(text) is not None
        return True

    def split(self, text: str) -> Iterator[Lines]:
        """The lines of a text of whole ones; runs of blank ones come together where most lines are short."""
        if self.cover(text):
            yield Blanks(text, line_ends(text))
            return
        end = 0
        for run in self._runs.finditer(text) if line_ends(text) * _SHORT > len(text) else ():
            yield from StringIO(text[end : run.start()], newline="")
            yield Blanks(run[0], line_ends(run[0]))
            end = run.end()
        yield from StringIO(text[end:], newline="")


ANY_DELIMITER = BlankLines(',;|"', r'[ \t,;|"]*+')
"""What lines without content look like where the delimiter is not known yet."""


@cache
def blank_lines(delimiter: str | None) -> BlankLines:
    """What lines without content look like with this delimiter; without one each line is one cell."""
    if delimiter is None:
        return BlankLines(",;|", r'(?:""|[ \t,;|]*+)')
    cell = r'(?:""|[ \t]*+)'
    return BlankLines(delimiter, rf"{cell}(?:{re.escape(delimiter)}{cell})*+")


def lines_and_blanks(read_text: Callable[[int], str], blank: BlankLines) -> Iterator[Lines]:
    r"""All lines of a file, each with its end: `\n`, `\r\n` or a lone `\r`; it must be open with `newline=""`.

    Of a line with more than `MOST` characters only the first `MOST` are given. Ctrl-Z at the very end, with which old
    programs end a file, is left out.
    """
    rest = ""
    while text := read_text(_AT_ONCE):
        text = rest + text
        end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
        whole, rest = text[:end], text[end:]
        if len(rest) > MOST + 1:
            rest = rest[:MOST] + rest[-1]
        if len(whole) > MOST:
            yield from (line[:MOST] for line in StringIO(whole, newline=""))
        elif whole:
            yield from blank.split(whole)
    if rest := rest.rstrip(END_OF_FILE) if len(rest) < MOST else rest[:MOST]:
        yield rest


def line_ends(text: str) -> int:
    r"""How often a line ends in the text: at `\n`, at `\r\n` and at a lone `\r`."""
    feeds = text.count("\n")
    return feeds + len(_LONE_RETURN.findall(text)) if "\r" in text else feeds


def physical_lines(read_text: Callable[[int], str]) -> Iterator[str]:
    """The same lines as `lines_and_blanks`, one by one."""
    for lines in lines_and_blanks(read_text, ANY_DELIMITER):
        yield from (lines,) if isinstance(lines, str) else StringIO(lines.text, newline="")


def physical(text: str) -> list[str]:
    """The same lines of a text that ends with one, at their full length."""
    if text.find("\n") == len(text) - 1 and text.find("\r", 0, -2) < 0:
        return [text]
    return list(StringIO(text, newline=""))
