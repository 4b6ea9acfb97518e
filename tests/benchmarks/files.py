"""The files that benchmarks read: the same letters each time, full rows, good and bad ones."""

import random
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

HEADER = ("Code", "Email", "Category", "Seat", "Quantity")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_FIRST = ("anna", "bram", "carla", "dirk", "emma", "finn", "greta", "hugo", "iris", "joris", "kaya", "liam")
_LAST = ("jansen", "devries", "bakker", "visser", "smit", "meijer", "mulder", "bos", "vos", "peters", "kok")

Row = tuple[str, str, str, str, str]


def _good(random_: random.Random, number: int) -> Row:
    code = "".join(random_.choices(_LETTERS, k=10))
    email = f"{random_.choice(_FIRST)}.{random_.choice(_LAST)}{number}@example.nl"
    seat = f"{random_.choice(_LETTERS)}-{random_.randrange(1, 60)}-{random_.randrange(1, 40)}"
    match number % 100:
        case 20 | 40 | 60:
            seat = f"Row {seat}, left"
        case 70 | 90:
            seat = f"Row {seat}\nupstairs"
        case 99:
            code = f" {code}"
    return code, email, f"Section{random_.randrange(1, 21)}", seat, str(random_.randrange(1, 5))


_BAD: tuple[Callable[[Row], tuple[str, ...]], ...] = (
    lambda row: (*row[:4], "0"),
    lambda row: (row[0], "nobody", *row[2:]),
    lambda row: ("", "", *row[2:]),
    lambda row: ("1.23457E+12", *row[1:]),
    lambda row: (*row, "one too many"),
    lambda row: row[:3],
    lambda row: (*row[:2], "x" * 201, *row[3:]),
    lambda row: (f"{row[0]}\x07", *row[1:]),
    lambda row: (*row[:4], "two"),
)


def rows(count: int, bad_in: int, duplicate_in: int = 0) -> Iterator[tuple[str, ...]]:
    """So many rows; one in `bad_in` is bad, each in a way of its own in turn, one in `duplicate_in` a repetition."""
    random_ = random.Random(7)  # noqa: S311 - the same rows each time
    former = _good(random_, 0)
    for number in range(count):
        row = former if duplicate_in and number % duplicate_in == 1 else _good(random_, number)
        former = row
        yield _BAD[number // bad_in % len(_BAD)](row) if number % bad_in == bad_in - 1 else row


def write(  # noqa: PLR0913 - each says one thing of the file, by its name
    path: Path,
    count: int,
    *,
    bad_in: int = 1_111,
    duplicate_in: int = 0,
    delimiter: str = ",",
    quoted: bool = False,
    encoding: str = "utf-8",
    accents: bool = False,
) -> None:
    """A file of such rows below a header; cells are quoted where they must be, or all of them."""
    with path.open("w", encoding=encoding, newline="") as file:
        for number, row in enumerate(chain([HEADER], rows(count, bad_in, duplicate_in))):
            cells = (*row[:2], f"Première {row[2]}"[:200], *row[3:]) if accents and number % 10 == 1 else row
            file.write(delimiter.join(_cell(cell, delimiter, quoted=quoted) for cell in cells) + "\r\n")


def _cell(cell: str, delimiter: str, *, quoted: bool) -> str:
    if quoted or delimiter in cell or '"' in cell or "\n" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
