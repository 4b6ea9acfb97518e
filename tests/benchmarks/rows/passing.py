"""A full pass over an automatic group: its evaluation alone, beside a bare csv reader and beside databases.

What everybody bought stands in files, a shard each, sorted by e-mail, with the members beside it in the same
order. One member in a hundred is wrong, and whoever does not find exactly those has not done the work.
"""

import csv
import json
import random
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure, ratio

FLOOR, OURS, SQLITE, DUCKDB = "bare csv.reader", "guestlist", "sqlite, once it is loaded", "duckdb, one thread"
_WRONG_IN = 100
_AHEAD = 100


class MissedDifferences(Exception):
    """A contestant found other members to be wrong than those that are."""


def prepare(folder: Path, size: int) -> None:
    """So many customers, their purchases and their memberships, and what databases are asked."""
    from guestlist.customers.model import SHARDS, shard_of
    from guestlist.groups.match import Matcher
    from guestlist.groups.membership_decision import next_membership
    from tests.benchmarks.regulars import NOW, World, rules, some_bought

    world, letters = World(lifetime=None), random.Random(7)  # noqa: S311 - the same each time
    matcher = Matcher(rules(), world.catalogues.read_catalogue("demo"))
    files = {name: [(folder / f"{name}-{shard}.csv").open("w") for shard in range(SHARDS)] for name in _FILES}
    wrong = 0
    for number in range(size):
        email = f"c{number:07d}@example.com"
        purchases = sorted(some_bought(letters, least=1), key=lambda one: one.at)
        lines = [f"{email},{one.at.isoformat()},{one.sale_item_id},{one.quantity}\n" for one in purchases]
        files["purchases"][shard_of(email)].writelines(lines)
        member = next_membership(world.group, email, None, matcher.lapses_at(purchases), NOW)
        lapses_at = member.lapses_at if member else None
        if number % _WRONG_IN == 0:
            lapses_at, wrong = None if member else NOW + timedelta(days=1), wrong + 1
        if lapses_at:
            files["members"][shard_of(email)].write(f"{email},{NOW.isoformat()},{lapses_at.isoformat()}\n")
    for file in (each for some in files.values() for each in some):
        file.close()
    (folder / "reference.json").write_text(json.dumps({"wrong": wrong, "decisions": _row_results(), "customers": size}))


_FILES = ("purchases", "members")


def _row_results() -> str:
    """The e-mails of all for whom the rules hold, as SQL."""
    from guestlist.groups.rule import Branch, Leaf
    from tests.benchmarks.regulars import NOW, World, rules

    catalogue = World().catalogues.read_catalogue("demo")

    def condition(rule: Branch | Leaf) -> str:
        if isinstance(rule, Branch):
            parts = (" or " if rule.operator == "any" else " and ").join(map(condition, rule.rules))
            return f"({parts})"
        items = ", ".join(f"'{item}'" for item in sorted(catalogue.items_of(rule.type, rule.id)))
        since = NOW - rule.within.length if rule.within else NOW
        counted = f"item in ({items}) and bought_at >= '{since.isoformat()}'"
        return f"sum(case when {counted} then quantity else 0 end) >= {rule.minimum}"

    return f"select email from purchases group by email having {condition(rules())}"  # noqa: S608


def _different(reference: Any) -> str:
    """The number of missing and of surplus members."""
    return (
        f"with holding as materialized ({reference['decisions']}) "  # noqa: S608
        "select (select count(*) from holding where email not in (select email from members)) "
        "+ (select count(*) from members where email not in (select email from holding))"
    )


def _reference(folder: Path) -> Any:
    return json.loads((folder / "reference.json").read_text())


def _confirmed(folder: Path, count: int) -> None:
    wrong = _reference(folder)["wrong"]
    if count != wrong:
        raise MissedDifferences(f"{count} members found to be wrong; it is {wrong}")


def bare(meter: Meter, folder: Path, size: int) -> Figures:
    """Splits the lines and looks at none."""
    lines = 0
    for path in sorted(folder.glob("purchases-*.csv")):
        with path.open(newline="") as file, meter:
            lines += sum(1 for _ in csv.reader(file))
    return {"purchases": lines, "size": size}


class Files:
    """The people of a shard as the ports of a full pass give them, a block at a time; `reading` meters that alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.reading = Meter()
        self.purchases = 0

    def buyers(self, _org: str, sale_item_ids: Collection[str], shard: int, _after: str = "") -> Iterator[Any]:
        """The buyers of the rules' items, with their purchases."""
        from guestlist.purchases.model import CountedPurchase

        item_ids = set(sale_item_ids)

        def purchase(line: Sequence[str]) -> CountedPurchase:
            return CountedPurchase(datetime.fromisoformat(line[1]), line[2], int(line[3]), "")

        def people() -> Iterator[tuple[str, list[CountedPurchase]]]:
            for email, lines in groupby(self._lines(f"purchases-{shard}.csv"), key=itemgetter(0)):
                every = list(lines)
                self.purchases += len(every)
                if some := [purchase(line) for line in every if line[2] in item_ids]:
                    yield email, some

        return self._ahead(people())

    def shard(self, _org: str, group_id: str, shard: int, _after: str = "") -> Iterator[Any]:
        """The members."""
        from guestlist.groups.membership import Membership, Source

        def member(line: Sequence[str]) -> Membership:
            added_at, lapses_at = map(datetime.fromisoformat, line[1:])
            how: dict[str, Any] = {"added_at": added_at, "lapses_at": lapses_at, "source": Source.RULE}
            return Membership(email=line[0], group_id=group_id, **how)

        return self._ahead(map(member, self._lines(f"members-{shard}.csv")))

    def _lines(self, name: str) -> Iterator[list[str]]:
        with (self._folder / name).open(newline="") as file:
            yield from csv.reader(file)

    def _ahead(self, people: Iterator[Any]) -> Iterator[Any]:
        some: list[Any] = [None]
        while some:
            with self.reading:
                some = list(islice(people, _AHEAD))
            yield from some


def ours(meter: Meter, folder: Path, size: int) -> Figures:
    """A full pass as the timer does it, but for the tables; whoever would be followed is only counted."""
    from guestlist.groups.full_pass import full_pass
    from guestlist.groups.reevaluation import SyncPorts
    from tests.benchmarks.regulars import NOW, World

    world, files = World(lifetime=None), Files(folder)
    ports: dict[str, Any] = {
        "memberships": files,
        "purchases": files,
        "in_parallel": lambda *calls: [True] * len(calls),
    }
    engine = SyncPorts(groups=world.groups, syncs=world.groups.syncs, catalogues=world.catalogues, **ports)
    with meter:
        progress = full_pass("demo", world.group.group_id, "r1", NOW, lambda: True, engine)
    _confirmed(folder, progress.people_changed)
    read = files.reading.cpu
    return {"cpu": meter.cpu - read, "reading": read, "purchases": files.purchases, "customers": size}


def sqlite(meter: Meter, folder: Path, size: int) -> Figures:
    """A group-by over an index in the order that it needs."""
    import sqlite3

    reference, load = _reference(folder), Meter()
    (folder / "people.db").unlink(missing_ok=True)
    with sqlite3.connect(folder / "people.db") as base:
        with load:
            base.execute("create table purchases (email text, bought_at text, item text, quantity integer)")
            base.execute("create table members (email text primary key, added_at text, lapses_at text) without rowid")
            for name, cells in (("purchases", "?, ?, ?, ?"), ("members", "?, ?, ?")):
                for path in sorted(folder.glob(f"{name}-*.csv")):
                    with path.open(newline="") as file:
                        base.executemany(f"insert into {name} values ({cells})", csv.reader(file))  # noqa: S608
            base.execute("create index by_email on purchases (email, bought_at, item, quantity)")
        with meter:
            (differences,) = base.execute(_different(reference)).fetchone()
        (lines,) = base.execute("select count(*) from purchases").fetchone()
    _confirmed(folder, differences)
    return {"loading": load.cpu, "purchases": lines, "size": size}


def duckdb(meter: Meter, folder: Path, size: int) -> Figures:
    """A group-by straight from the files."""
    import duckdb as peer

    base = peer.connect(config={"threads": 1})
    for name, cells in (("purchases", "bought_at, item, quantity"), ("members", "added_at, lapses_at")):
        columns = {cell: "BIGINT" if cell == "quantity" else "VARCHAR" for cell in ["email", *cells.split(", ")]}
        files = f"read_csv('{folder}/{name}-*.csv', header=false, delim=',', columns={columns})"
        base.execute(f"create view {name} as select * from {files}")  # noqa: S608
    with meter:
        (differences,) = base.execute(_different(_reference(folder))).fetchone()
    (lines,) = base.execute("select count(*) from purchases").fetchone()
    _confirmed(folder, differences)
    return {"purchases": lines, "size": size}


BENCHES = (
    Bench(
        row=10,
        name="a full pass, evaluation alone",
        prepare=prepare,
        contestants={FLOOR: bare, OURS: ours, SQLITE: sqlite, DUCKDB: duckdb},
        peers=frozenset({DUCKDB}),
        same=("purchases",),
        goals=(
            Goal(
                name="customers a second of one core",
                value=lambda results: results[OURS]["customers"] / results[OURS]["cpu"],
                at_least=250_000,
            ),
            Goal(name="CPU of a bare csv.reader over the purchases", value=ratio(OURS, FLOOR)),
            Goal(name="MB at most", value=figure(OURS, "peak_mb"), at_most=64),
            Goal(name="CPU of sqlite's group-by", value=ratio(OURS, SQLITE)),
            Goal(
                name="with the reading of the files: CPU of a bare csv.reader",
                value=lambda results: (results[OURS]["cpu"] + results[OURS]["reading"]) / results[FLOOR]["cpu"],
            ),
            Goal(
                name="with the reading of the files: CPU of duckdb",
                value=lambda results: (results[OURS]["cpu"] + results[OURS]["reading"]) / results[DUCKDB]["cpu"],
            ),
        ),
        size=1_000_000,
        quick_size=20_000,
        rounds=2,
    ),
)
