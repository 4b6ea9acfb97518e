"""Sample files, one for each kind of import; each download can be imported without a refusal."""

import csv
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from pathlib import Path

from chalicelib.web.endpoint import Call, endpoint
from guestlist.aws.table import table
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.organisers.model import Scope

CSV = "text/csv; charset=utf-8"
_FOLDER = Path(__file__).with_name("samples")


class Delimiter(StrEnum):
    """The separator of cells."""

    COMMA = ","
    SEMICOLON = ";"
    TAB = "tab"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFormat:
    """The format of the sample: spreadsheets of many countries expect semicolons."""

    delimiter: Delimiter = Delimiter.COMMA


@endpoint(Scope.ORGANISER, query=SampleFormat, media_type=CSV)
def target_group(call: Call) -> str:
    """Download a sample file of a target group: codes, seats, people, and a personal code."""
    return _sample("target_group", call)


@endpoint(Scope.ORGANISER, query=SampleFormat, media_type=CSV)
def customers(call: Call) -> str:
    """Download a sample file of customers. One cell names groups, separated by bars; an empty one ends memberships."""
    return _sample("customers", call)


@endpoint(Scope.ORGANISER, query=SampleFormat, media_type=CSV)
def tickets(call: Call) -> str:
    """Download a sample file of tickets, with codes that do not exist yet."""
    return _sample("tickets", call)


@endpoint(Scope.ORGANISER, query=SampleFormat, media_type=CSV)
def purchases(call: Call) -> str:
    """Download a sample file of purchases, with new orders of an existing sale item."""
    items = RestrictionIndexes(table()).read_restrictions(call.org).items
    return _sample("purchases", call).replace("{sale item}", min(items, default="early-bird"))


def _sample(kind: str, call: Call) -> str:
    text = (_FOLDER / f"{kind}.csv").read_text(encoding="utf-8")
    query: SampleFormat = call.query
    sign = "\t" if query.delimiter is Delimiter.TAB else query.delimiter.value
    sample = StringIO()
    csv.writer(sample, delimiter=sign, lineterminator="\n").writerows(csv.reader(text.splitlines()))
    return sample.getvalue().replace("{fresh}", call.new_id()[-8:].upper())
