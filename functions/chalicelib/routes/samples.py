"""Sample files, one for each kind of import; each imports without a refusal, however often it is fetched."""

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
    """What stands between the cells."""

    COMMA = ","
    SEMICOLON = ";"
    TAB = "tab"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How the sample is wanted: spreadsheets of many countries expect semicolons."""

    delimiter: Delimiter = Delimiter.COMMA


@endpoint(Scope.ORGANISER, query=Wanted, media_type=CSV)
def target_group(call: Call) -> str:
    """A sample of a target group: codes, seats, people, and a code that is one person's own."""
    return _sample("target_group", call)


@endpoint(Scope.ORGANISER, query=Wanted, media_type=CSV)
def customers(call: Call) -> str:
    """A sample of customers. Groups are named in one cell, between bars; an empty cell ends memberships."""
    return _sample("customers", call)


@endpoint(Scope.ORGANISER, query=Wanted, media_type=CSV)
def tickets(call: Call) -> str:
    """A sample of tickets, of which no code exists yet."""
    return _sample("tickets", call)


@endpoint(Scope.ORGANISER, query=Wanted, media_type=CSV)
def purchases(call: Call) -> str:
    """A sample of purchases, of orders that do not exist yet and a sale item that does."""
    items = RestrictionIndexes(table()).read_restrictions(call.org).items
    return _sample("purchases", call).replace("{sale item}", min(items, default="early-bird"))


def _sample(kind: str, call: Call) -> str:
    text = (_FOLDER / f"{kind}.csv").read_text(encoding="utf-8")
    query: Wanted = call.query
    sign = "\t" if query.delimiter is Delimiter.TAB else query.delimiter.value
    sample = StringIO()
    csv.writer(sample, delimiter=sign, lineterminator="\n").writerows(csv.reader(text.splitlines()))
    return sample.getvalue().replace("{fresh}", call.new_id()[-8:].upper())
