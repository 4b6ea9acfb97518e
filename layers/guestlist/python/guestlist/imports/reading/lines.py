"""Physical lines of a text, however long they are, in bounded memory."""

from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from typing import TextIO

END_OF_FILE = "\x1a"
MOST = 131_072
"""How many characters a row may have; also what the csv module takes for one cell."""


def physical_lines(file: TextIO) -> Iterator[str]:
    r"""Each line with its end: `\n`, `\r\n` or a lone `\r`; the file must be open with `newline=""`.

    Of a line with `MOST` characters or more only the first `MOST` are given, and the rest is passed over. Ctrl-Z at
    the very end, with which old programs end a file, is left out.
    """
    read = partial(file.readline, MOST)
    line = read()
    while line:
        following = _pass_over(line, read) if len(line) == MOST and line[-1] != "\n" else ""
        if line[-1] == END_OF_FILE and len(line) < MOST:
            line = line.rstrip(END_OF_FILE)
        if line:
            yield line
        line = following or read()


def physical(text: str) -> list[str]:
    """The same lines of a text that ends with one, at their full length."""
    if text.find("\n") == len(text) - 1 and text.find("\r", 0, -2) < 0:
        return [text]
    return list(StringIO(text, newline=""))


def _pass_over(piece: str, read: Callable[[], str]) -> str:
    """Read on to the end of a line; gives back the next line where that had to be read to see the end."""
    while piece and piece[-1] != "\n":
        if piece[-1] == "\r":
            if len(piece) < MOST:
                return ""
            after = read()
            return "" if after == "\n" else after
        piece = read()
    return ""
