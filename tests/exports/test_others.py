"""Further exports and lists are read rightly, or ask, or are refused for a good reason."""

import json
from pathlib import Path

import pytest

from chalicelib.web.serialization import to_json
from chalicelib.web.validation import read
from guestlist.imports.explanation import explanation_of
from guestlist.imports.model import Kind, Reason, Status
from guestlist.imports.reading.encoding import find_encoding
from guestlist.imports.request import Correction
from guestlist.imports.service import confirm
from tests.exports.harnesses import harness_of, imported, imported_over_members, stored_records
from tests.exports.judging import FOLDER, OTHERS, faults_of, judged_by
from tests.unit.imports.builders import TOKEN

CASES = [(name, Kind(kind)) for name, file in OTHERS.items() for kind in file["kinds"]]
QUESTION_CASES = [
    (name, kind)
    for name, kind in CASES
    if OTHERS[name]["kinds"][kind.value]["word"] == "asked" and kind is not Kind.PURCHASES
]
STORED_CASES = [
    (name, kind)
    for name, kind in CASES
    if (expected := OTHERS[name]["kinds"][kind.value])["word"] == "right"
    and expected["must"]
    and kind is not Kind.PURCHASES
]
MEMBERS = [name for name, file in OTHERS.items() if file["kinds"].get("customers", {}).get("members")]


def text(name: str) -> str:
    """The file as text, its line ends as they are."""
    path = FOLDER / "others" / name
    encoding = find_encoding(path)
    return path.read_bytes()[encoding.skip :].decode(encoding.name)


def ids(cases: list[tuple[str, Kind]]) -> list[str]:
    """The names of the tests of these cases."""
    return [f"{name}-{kind}" for name, kind in cases]


@pytest.mark.parametrize(("name", "kind"), CASES, ids=ids(CASES))
def test_a_further_export_is_read_as_a_person_expects(name: str, kind: Kind) -> None:
    expected = OTHERS[name]["kinds"][kind.value]
    word, faults = judged_by(expected, FOLDER / "others" / name, kind)
    assert word == expected["word"], faults


@pytest.mark.parametrize(("name", "kind"), QUESTION_CASES, ids=ids(QUESTION_CASES))
def test_a_waiting_export_stores_nothing_until_confirmed_and_then_what_a_person_expects(
    tmp_path: Path, name: str, kind: Kind
) -> None:
    harness = harness_of(kind, tmp_path)
    record = imported(harness, kind, text(name))
    assert (record.status, record.reason) == (Status.AWAITING_REVIEW, Reason.DECISION_REQUIRED)
    assert explanation_of(record)
    assert stored_records(harness, kind) == {}
    assert record.suggested
    suggested = json.loads(to_json(record.suggested.options()))
    confirm(record, read(Correction, suggested), TOKEN, harness.clock.now(), harness.imports, harness.queue)
    assert harness.run(None).status in {Status.COMPLETE, Status.PARTIAL}
    assert faults_of(stored_records(harness, kind), OTHERS[name]["kinds"][kind.value], kind) == []


@pytest.mark.parametrize(("name", "kind"), STORED_CASES, ids=ids(STORED_CASES))
def test_a_further_export_is_stored_as_a_person_expects(tmp_path: Path, name: str, kind: Kind) -> None:
    harness = harness_of(kind, tmp_path)
    record = imported(harness, kind, text(name))
    assert record.status in {Status.COMPLETE, Status.PARTIAL}
    assert faults_of(stored_records(harness, kind), OTHERS[name]["kinds"][kind.value], kind) == []


@pytest.mark.parametrize("name", MEMBERS)
def test_the_groups_of_a_further_system_end_nobodys_membership(tmp_path: Path, name: str) -> None:
    imported_over_members(tmp_path, text(name), OTHERS[name]["kinds"]["customers"]["members"])


def test_every_export_has_an_expectation() -> None:
    assert {path.name for path in (FOLDER / "others").iterdir()} == set(OTHERS)
