"""Comparison of other systems' exports, as they are read, with what a person expects of them (`expect.json`)."""

import json
from collections import Counter, defaultdict
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from guestlist.imports.explanation import explanation
from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.bulk.reading import read_rows
from guestlist.imports.reading.customer_rows import read_customers
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.purchase_rows import read_purchases
from guestlist.imports.reading.quantities import MAX_QUANTITY
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.sheet import Sheet, Unreadable, open_sheet
from guestlist.imports.reading.ticket_rows import read_tickets
from guestlist.model.email_address import fold_email

FOLDER = Path(__file__).parent
ZONE = ZoneInfo("Europe/Amsterdam")
FILES: dict[str, Any] = json.loads((FOLDER / "expect.json").read_text(encoding="utf-8"))["files"]
CASES = [(name, Kind(kind)) for name, file in FILES.items() for kind in file["kinds"]]
OTHERS: dict[str, Any] = json.loads((FOLDER / "others.json").read_text(encoding="utf-8"))["files"]
"""Further files, in the form of further systems and spreadsheets, with the word that each of them is to be given."""

Records = dict[str, dict[str, Any]]


def judged(name: str, kind: Kind) -> tuple[str, list[str]]:
    """One of right, asked, failed and wrong; and what is wrong."""
    return judged_by(FILES[name]["kinds"][kind.value], FOLDER / "files" / name, kind)


def judged_by(expected: dict[str, Any], path: Path, kind: Kind) -> tuple[str, list[str]]:
    """The same of any file."""
    try:
        sheet = open_sheet(path, SCHEMAS[kind], Options())
    except Unreadable as refusal:
        return "failed", [explanation(refusal.messages)]
    if sheet.issue_reason:
        return "failed", [explanation(sheet.issue_messages)]
    faults = faults_of(read(sheet, kind), expected, kind)
    if faults:
        return "wrong", faults
    return ("asked", [explanation(sheet.question_messages)]) if explanation(sheet.question_messages) else ("right", [])


def read(sheet: Sheet, kind: Kind) -> Records:
    """All that would be stored, by what it is found by; of rows that stand for the same the first."""
    match kind:
        case Kind.TICKETS:
            return _tickets(sheet)
        case Kind.CUSTOMERS:
            return _customers(sheet)
        case Kind.PURCHASES:
            return _purchases(sheet)
        case Kind.TARGET_GROUP:
            return _entries(sheet)


def _tickets(sheet: Sheet) -> Records:
    rows = read_tickets(sheet, Options(), RowNotes(), ZONE)
    good = [row[1] for row in rows if not isinstance(row, Problem)]
    return {row.code: {"name": row.name, "email": row.email, "at": _local(row.original_at)} for row in good}


def _customers(sheet: Sheet) -> Records:
    records: Records = {}
    for row in read_customers(sheet, Options(), RowNotes(), ZONE):
        if not isinstance(row, Problem):
            records.setdefault(fold_email(row[1].email), {"name": row[1].name})
    return records


def _purchases(sheet: Sheet) -> Records:
    records: Records = {}
    spoilt: set[str] = set()
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    for row in read_purchases(sheet, Options(), RowNotes(), ZONE, spoilt.add):
        if isinstance(row, Problem):
            continue
        fields = {"email": fold_email(row[1].email), "name": row[1].name}
        lines[row[1].order][row[1].sale_item] += row[1].quantity
        assert records.setdefault(row[1].order, fields)["email"] == fields["email"]
    return {order: {**fields, "lines": dict(lines[order])} for order, fields in records.items() if order not in spoilt}


def _entries(sheet: Sheet) -> Records:
    records: Records = {}
    for some in read_rows(sheet, Options(), RowNotes()):
        if isinstance(some, Problem):
            continue
        for _, entry in some.entries():
            quantity = "unlimited" if entry.quantity == MAX_QUANTITY else entry.quantity
            fields = {"email": fold_email(entry.email), "code": entry.code, "quantity": quantity}
            records.setdefault(entry.code or fields["email"], fields)
    return records


def _local(at: datetime | None) -> str | None:
    return at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if at else None


def faults_of(records: Records, expected: dict[str, Any], kind: Kind) -> list[str]:
    """Every difference between what was read and what must, may and must never be there."""
    faults, expected_keys = [], set()
    for one in expected["must"]:
        keys = _keys(one, kind)
        there = [key for key in keys if key in records]
        expected_keys.update(keys)
        if not there:
            faults.append(f"{keys} is missing")
        faults += [f"{key}: {records[key]} is not {one}" for key in there if not _same(records[key], one)]
    for one in expected.get("free", ()):
        expected_keys.update(_keys(one, kind))
    faults += [f"{key} is too much" for key in records if key not in expected_keys]
    never = {fold_email(each) for each in chain.from_iterable(expected["never"].values())}
    return faults + [f"{key} must never be there" for key in records if fold_email(key) in never]


def _keys(one: dict[str, Any], kind: Kind) -> list[str]:
    field = {Kind.TICKETS: ("code",), Kind.CUSTOMERS: ("email",), Kind.PURCHASES: ("order",)}.get(
        kind, ("code", "email")
    )
    values = [value for name in field if name in one for value in _either(one[name])]
    return [fold_email(value) if "@" in value else value for value in values]


def _same(record: dict[str, Any], one: dict[str, Any]) -> bool:
    fields = {
        name: value for name, value in one.items() if name in record and not (one.get("either") and name == "email")
    }
    return all(record[name] in _either(value) for name, value in fields.items())


def _either(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
