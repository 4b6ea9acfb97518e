"""The first look-up of a code in a process, of a list that is stored compressed, beside one that is stored as text.

Requests are signed, and answered at the other end of the wire. No look-up finds a text that another one read.
"""

import os
from base64 import b64encode
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure, ratio
from tests.benchmarks.checkout import environment
from tests.benchmarks.null_endpoint import Item, null_endpoint
from tests.benchmarks.rows.importing import table_at
from tests.benchmarks.rows.write_units import SHRUNK

ROWS = 20_000
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
COMPRESSED, AS_TEXT = "compressed", "as text"


def looked_up(meter: Meter, _folder: Path, size: int, *, shape: str, how: str) -> Figures:
    """The first rows of a list of that shape."""
    from guestlist.groups.index import GroupType, IndexedGroup
    from guestlist.lists.lookup import ListLookup
    from guestlist.lists.lookup_query import LookupQuery
    from tests.benchmarks.packing import GROUP_ID, rows_of

    items, base = _list(shape, compressed=how == COMPRESSED)
    group = IndexedGroup(
        group_id=GROUP_ID, type=GroupType.TARGET, name="Friends", created_at=NOW, base=base, entries=base.entries
    )
    searches = [LookupQuery("demo", entry.key, (group,)) for entry in rows_of(shape, size)]
    with null_endpoint(items) as endpoint:
        os.environ |= environment(endpoint.address)
        table = table_at(endpoint.address)
        ListLookup(table).find_rows("demo", searches[:1], NOW)
        with meter:
            results = [ListLookup(table).find_rows("demo", [search], NOW)[0] for search in searches]
    assert all(one.rows for one in results)
    return {"rows": size, "us": meter.cpu / size * 1e6, "items": len(items)}


def _list(shape: str, *, compressed: bool) -> tuple[list[Item], Any]:
    """The items of the list, and its base."""
    from guestlist.aws.items import marshal_item
    from guestlist.imports.model import Mode
    from guestlist.lists.compression import encode_text
    from guestlist.lists.store import text_key
    from tests.benchmarks.packing import GROUP_ID, rows_of
    from tests.fakes.packed_lists import FakePackedListStore
    from tests.unit.lists.builders import StoredList

    list_store = FakePackedListStore()
    with ExitStack() as stack:
        if not compressed:
            stack.enter_context(patch("guestlist.lists.importing.packing.encode_text", str))
        base = StoredList(list_store).apply(Mode.CREATE, rows_of(shape, ROWS)).base
    items = []
    for place, text in list_store.texts.items():
        key = text_key("demo", GROUP_ID, place)
        item = marshal_item({**key._asdict(), "b": encode_text(text) if compressed else text})
        items.append({name: _as_json(typed) for name, typed in item.items()})
    return items, base


def _as_json(typed: dict[str, Any]) -> dict[str, Any]:
    ((kind, value),) = typed.items()
    return {kind: b64encode(value).decode() if kind == "B" else value}


def _bench(shape: str) -> Bench:
    return Bench(
        row=21,
        name=f"first look-up, {shape}",
        contestants={how: partial(looked_up, shape=shape, how=how) for how in (COMPRESSED, AS_TEXT)},
        same=("rows",),
        goals=(
            Goal(name="CPU of a look-up of the same list as text", value=ratio(COMPRESSED, AS_TEXT), at_most=1.2),
            Goal(name="us, compressed", value=figure(COMPRESSED, "us")),
        ),
        size=2_000,
        quick_size=500,
    )


BENCHES = tuple(_bench(shape) for shape in SHRUNK)
