"""`make cost`: the costs of a stage, calculated from prices and measured units, both of which are in `cost.toml`.

Every figure is for one million: rows imported, checks, redemptions, members in a full pass. Next to it is the cost
of the same with one item per row, or one query per person, and all else equal.
"""

import argparse
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

ASSUMPTIONS = Path(__file__).with_name("cost.toml")
MILLION = 1_000_000
_HALF_A_UNIT = 0.5
"""The least that an eventually consistent query reads."""

Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """The units used; gigabyte-seconds are those of functions."""

    table_write_units: float = 0
    table_read_units: float = 0
    bucket_writes: float = 0
    bucket_reads: float = 0
    queue_requests: float = 0
    function_requests: float = 0
    function_gigabyte_seconds: float = 0
    api_requests: float = 0
    mails: float = 0

    def dollars(self, prices: Numbers) -> float:
        """The price in dollars; `prices` are per million units."""
        return float(sum(getattr(self, name) * prices[name] for name in Units.__dataclass_fields__)) / MILLION


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: what is done a million times, and the units that it uses with and without packing."""

    what: str
    packed: Units
    plain: Units


def assumptions(path: Path = ASSUMPTIONS) -> Mapping[str, Numbers]:
    """The prices and the units, by section. Raises `OSError` and `tomllib.TOMLDecodeError`."""
    values: Mapping[str, Numbers] = tomllib.loads(path.read_text(encoding="utf-8"))
    return values


def rows(values: Mapping[str, Numbers]) -> list[Row]:
    """The rows of the table."""
    imported = partial(_imported, values["import"], values["search"])
    result = [
        Row(f"rows imported: {shape}", imported(units), imported(MILLION)) for shape, units in values["rows"].items()
    ]
    for what, name in (("checks", "check"), ("redemptions", "redemption")):
        called = _called(values[name])
        result.append(Row(what, called, called))
    return [*result, _resynced(values["resync"])]


def _imported(one: Numbers, search: Numbers, write_units: float) -> Units:
    """A file of a million valid rows, and its search index."""
    return Units(
        table_write_units=write_units + one["record_writes"] + search["write_units"],
        table_read_units=search["read_units"],
        bucket_writes=one["bucket_writes"] + search["bucket_writes"],
        bucket_reads=one["bucket_reads"],
        queue_requests=one["queue_requests"] + search["queue_requests"],
        function_requests=2,
        function_gigabyte_seconds=one["gigabytes"] * (one["seconds_a_million"] + search["seconds"]),
        mails=one["mails"],
    )


def _called(one: Numbers) -> Units:
    """A million calls of the API; a row stored as an item would be read with one unit too."""
    return Units(
        table_write_units=(one["write_units"] + one["index_write_units"]) * MILLION,
        table_read_units=one["read_units"] * MILLION,
        function_requests=MILLION,
        function_gigabyte_seconds=one["gigabytes"] * one["seconds"] * MILLION,
        api_requests=MILLION,
    )


def _resynced(one: Numbers) -> Row:
    """A full pass over a million people; without merged streams, it is one query per person."""
    times = MILLION / one["customers"]
    merged = Units(
        table_read_units=one["read_units"] * times,
        function_gigabyte_seconds=one["gigabytes"] * one["seconds"] * times,
    )
    return Row("members resynced", merged, replace(merged, table_read_units=_HALF_A_UNIT * MILLION))


def table(values: Mapping[str, Numbers]) -> str:
    """The table in Markdown, in dollars."""
    lines = [
        "| a million | write units | read units | costs | one item a row, a query a person |",
        "|---|--:|--:|--:|--:|",
    ]
    lines += [_line(row, values["prices"]) for row in rows(values)]
    return "\n".join(lines)


def _line(row: Row, prices: Numbers) -> str:
    units = [f"{number:,.0f}" for number in (row.packed.table_write_units, row.packed.table_read_units)]
    dollars = [f"${units.dollars(prices):,.2f}" for units in (row.packed, row.plain)]
    return f"| {' | '.join([row.what, *units, *dollars])} |"


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; 1 if the file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m infra.cost", description="Calculate the costs of a stage.")
    parser.add_argument(
        "--assumptions", type=Path, default=ASSUMPTIONS, help="prices and units, as in infra/cost.toml (the default)"
    )
    path = parser.parse_args(words).assumptions
    try:
        print(table(assumptions(path)))
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        print(f"{path}: {error!r}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
