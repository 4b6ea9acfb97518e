"""Write units, CPU and memory of packing: `python -m tests.benchmarks.packing [rows …]`.

Each measurement is a process of its own: rows are made one by one, sorted_rows, packed and given to boto3, which
serialises and signs every request and then, in the place of the network, meets an empty answer. Write and
read units are computed from the bytes of the items, as DynamoDB counts them.
"""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse

from guestlist.aws.boto import Boto
from guestlist.aws.table import Table
from guestlist.imports.model import Mode
from guestlist.imports.reading.problems import Problem
from guestlist.lists.compression import encode_text
from guestlist.lists.entry import Entry
from guestlist.lists.fingerprints import Segment
from guestlist.lists.importing.build import build
from guestlist.lists.importing.row_sorter import RowSorter
from guestlist.lists.packed_list import PackedList, Texts
from guestlist.lists.store import PackedListStore

GOALS = {"codes": 15_000, "code, quantity, category": 22_000, "e-mail, seat": 45_000, "full": 60_000}
GROUP_ID = "01kfx3n8c2v5q7t9w1y3a5d7f8"
VERSION_ID = "01kfx3n8c2v5q7t9w1y3a5d7f9"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
FIRST = ("anna", "bram", "carla", "dirk", "emma", "finn", "greta", "hugo", "iris", "joris", "kaya", "liam")
LAST = ("jansen", "devries", "bakker", "visser", "smit", "meijer", "mulder", "bos", "vos", "peters", "hendriks", "kok")
ONE_IN = 100


def _code(random_: random.Random) -> str:
    return "".join(random_.choices(LETTERS, k=10))


def _email(random_: random.Random, number: int) -> str:
    return f"{random_.choice(FIRST)}.{random_.choice(LAST)}{number}@example.nl"


def _seat(random_: random.Random) -> str:
    return f"{random_.choice(LETTERS)}-{random_.randrange(1, 60)}-{random_.randrange(1, 40)}"


def _category(random_: random.Random) -> str:
    return f"Section{random_.randrange(1, 21)}"


SHAPES: dict[str, Callable[[random.Random, int], Entry]] = {
    "codes": lambda r, _n: Entry(_code(r)),
    "code, quantity, category": lambda r, _n: Entry(_code(r), "", _category(r), "", r.randrange(1, 5)),
    "e-mail, seat": lambda r, n: Entry("", _email(r, n), "", _seat(r)),
    "full": lambda r, n: Entry(_code(r), _email(r, n), _category(r), _seat(r), r.randrange(1, 5)),
}


class MeasuredPackedListStore(PackedListStore):
    """Counts the units of what is written."""

    items = units = over = 0

    def write_texts(self, texts: Texts) -> None:
        """Write, and count."""
        for place, text in texts.items():
            key = self._key(place)
            size = len(f"pk{key.pk}sk{key.sk}b".encode()) + stored_bytes(text)
            self.items += 1
            self.units += ceil(size / 1024)
            self.over += size > 4096
        super().write_texts(texts)

    def write_fingerprints(self, segment: Segment, content: bytes) -> None:
        """Write, and count."""
        key = self._segment_key(segment)
        self.items += 1
        self.units += ceil((len(f"pk{key.pk}sk{key.sk}f".encode()) + len(content)) / 1024)
        super().write_fingerprints(segment, content)


def stored_bytes(text: str) -> int:
    """The stored length of a text."""
    value = encode_text(text)
    return len(value.encode() if isinstance(value, str) else value)


def null_table() -> Table:
    """A table that takes everything and holds nothing."""
    client: Any = boto3.client(
        "dynamodb", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    client.meta.events.register("before-send.dynamodb", lambda request, **_more: _empty(request.url))
    return Table(Boto(client), "guestlist")


def _empty(url: str) -> AWSResponse:
    response = AWSResponse(url, 200, {"x-amz-crc32": "2745614147"}, None)
    response._content = b"{}"  # type: ignore[attr-defined]  # noqa: SLF001 - there is no network to read it from
    return response


def rows_of(shape: str, count: int) -> Iterator[Entry]:
    """Rows of that shape, the same each time; one in a hundred is the one before it again."""
    random_ = random.Random(7)  # noqa: S311 - the same rows each time
    make = SHAPES[shape]
    former = make(random_, 0)
    for number in range(count):
        yield former
        if number % ONE_IN:
            former = make(random_, number)


def measure(shape: str, count: int) -> dict[str, Any]:
    """The figures of one list."""
    refusals: list[int] = []
    list_store = MeasuredPackedListStore(null_table(), "demo", GROUP_ID)
    making = time.process_time()
    size = sum(len(f"{e.code},{e.email},{e.category},{e.seat},{e.quantity}\n") for e in rows_of(shape, count))
    making = time.process_time() - making
    start = time.process_time()
    with TemporaryDirectory() as folder:
        sorter = RowSorter(Path(folder), size)
        for line, entry in enumerate(rows_of(shape, count), 2):
            sorter.add(line, entry)
        added = time.process_time()
        built = build(
            sorter,
            Mode.CREATE,
            PackedList(),
            VERSION_ID,
            list_store,
            lambda problem: _count(problem, refusals),
            _no_progress,
        )
        disk = sum(file.stat().st_size for file in sorter.folder.iterdir())
    end = time.process_time()
    return {
        "shape": shape,
        "rows": built.entries,
        "refused": len(refusals),
        "items": list_store.items,
        "units per million": round(list_store.units * 1e6 / built.entries),
        "goal": GOALS[shape],
        "read units a check": round(1 + list_store.over / list_store.items, 3),
        "us per row, making and adding": round((added - start) * 1e6 / count, 2),
        "us per row, making": round(making * 1e6 / count, 2),
        "us per row, sorting to sent": round((end - added) * 1e6 / count, 2),
        "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "disk MB": round(disk / 1e6, 1),
    }


def _count(_problem: Problem, refusals: list[int]) -> None:
    refusals.append(1)


def _no_progress(_share: float) -> None:
    """A pace that never waits."""


def main(arguments: list[str]) -> None:
    """Measure every shape at every number of rows, and print a line each."""
    if len(arguments) == 2 and arguments[0] in SHAPES:
        sys.stdout.write(f"{json.dumps(measure(arguments[0], int(arguments[1])))}\n")
        return
    for count in [int(argument) for argument in arguments] or [10_000, 1_000_000]:
        for shape in SHAPES:
            command = [sys.executable, "-m", "tests.benchmarks.packing", shape, str(count)]
            subprocess.run(command, check=True, env={**os.environ, "AWS_EC2_METADATA_DISABLED": "true"})


if __name__ == "__main__":
    main(sys.argv[1:])
