"""Further exports and lists are read rightly, or ask, or are refused for a good reason."""

import pytest

from guestlist.imports.model import Kind
from tests.exports.judging import FOLDER, OTHERS, judged_by

CASES = [(name, Kind(kind)) for name, file in OTHERS.items() for kind in file["kinds"]]


@pytest.mark.parametrize(("name", "kind"), CASES, ids=[f"{name}-{kind}" for name, kind in CASES])
def test_a_further_export_is_read_as_a_person_expects(name: str, kind: Kind) -> None:
    expected = OTHERS[name]["kinds"][kind.value]
    word, faults = judged_by(expected, FOLDER / "others" / name, kind)
    assert word == expected["word"], faults


def test_every_file_is_judged() -> None:
    assert {path.name for path in (FOLDER / "others").iterdir()} == set(OTHERS)
