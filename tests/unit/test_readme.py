"""What the README says in tables is what the code does."""

import re
from pathlib import Path

import pytest

from guestlist.imports.model import Reason
from guestlist.imports.reading import problems
from guestlist.imports.reading.words import COLUMN_WORDS, LANGUAGES

ROOT = Path(__file__).parents[2]
README, MAKEFILE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "Makefile"))
SAID_OTHERWISE = {Reason.BAD_OPTION, Reason.FEATURE_OFF, Reason.CONFIRM_REMOVALS_REQUIRED}


def every_kind_of_problem(kind: type[problems.Problem] = problems.Problem) -> set[str]:
    below = {code for one in kind.__subclasses__() for code in every_kind_of_problem(one)}
    return below | ({kind.code} if "code" in vars(kind) else set())


@pytest.mark.parametrize("field", COLUMN_WORDS)
def test_the_readme_has_every_word_of_a_column_in_every_language(field: str) -> None:
    words = " | ".join(", ".join(COLUMN_WORDS[field][language]) for language in LANGUAGES)
    assert f"| **{field}** | {words} |" in README


@pytest.mark.parametrize("code", sorted(every_kind_of_problem()))
def test_the_readme_explains_every_reason_for_refusing_a_row(code: str) -> None:
    assert f"`{code}`" in README


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in SAID_OTHERWISE])
def test_the_readme_explains_every_reason_for_failing_a_file(reason: Reason) -> None:
    assert f"`{reason.value}`" in README


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
def test_the_readme_mentions_everything_that_can_be_made(target: str) -> None:
    assert f"`make {target}`" in README or f"`{target}`" in README
