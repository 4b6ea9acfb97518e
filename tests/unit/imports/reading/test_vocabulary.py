"""Recognition of headers that name a person, and what opening a plain file does not load."""

from itertools import cycle

import pytest

from guestlist.imports.reading import header_recognition
from guestlist.imports.reading.header_recognition import person_part, slug
from guestlist.imports.reading.header_words import OTHERS
from guestlist.imports.reading.lines import blank_lines
from guestlist.imports.reading.person_words import PARTS, ROLES
from tests.unit.imports.reading.builders import Reader

PLAIN_FILE = "Code,Email,Category,Seat,Quantity\n" + 'A1,anna@example.nl,Stalls,"Row 1, left",2\n' * 30
ROLE_WORDS = [word for group in ROLES.values() for word in group.split(", ")]
PART_WORDS = [word for group in PARTS.values() for word in group.split(", ")]


def unneeded(*_: object) -> None:
    """An expression that fails when it is compiled."""
    pytest.fail("a large expression was compiled for a file that does not need it")


def test_a_plain_file_is_opened_without_compiling_the_large_expressions(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
):
    person_part.cache_clear()
    blank_lines.cache_clear()
    monkeypatch.setattr(header_recognition, "_person_pattern", unneeded)
    assert len(reader.read(PLAIN_FILE).entries) == 30
    assert "_runs" not in vars(blank_lines(","))


def test_the_fast_exclusion_agrees_with_the_full_expression_for_people(monkeypatch: pytest.MonkeyPatch):
    roles, parts = cycle(ROLE_WORDS), cycle(PART_WORDS)
    some = [f"{role}{of}{next(parts)}" for role in ROLE_WORDS for of in ("", "name")]
    some += [f"{part}{of}{next(roles)}s" for part in PART_WORDS for of in ("", "of")]
    some += [f"What is your {part}value" for part in PART_WORDS] + [f"please enter {part}" for part in PART_WORDS]
    some += [word for groups in OTHERS.values() for group in groups for word in group.split(", ")]
    person_parts = {header: person_part.__wrapped__(header) for header in some}
    monkeypatch.setattr(header_recognition, "_beginnings", lambda: ("",))
    monkeypatch.setattr(header_recognition, "_ends", lambda: ("",))
    assert person_parts == {header: person_part.__wrapped__(header) for header in some}
    assert len({slug(header) for header, part in person_parts.items() if part}) > 500
