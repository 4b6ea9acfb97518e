"""The tables of the documents agree with the code."""

import re
from pathlib import Path

import pytest

from chalicelib.api import routes
from guestlist.imports.model import Reason
from guestlist.imports.reading import problems
from guestlist.imports.reading.fields import COLUMN_WORDS, LANGUAGES
from guestlist.organisers.model import Scope

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
API, FILES, ARCHITECTURE, MAKEFILE = (
    path.read_text(encoding="utf-8")
    for path in (DOCS / "api.md", DOCS / "files.md", DOCS / "architecture.md", ROOT / "Makefile")
)
CALL = re.compile(r"`([A-Z]+ /v1/[^`]+)`")
PARAMETER = re.compile(r"\{\w+\}")
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md")), *sorted((ROOT / ".github").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
EXPLAINED_ELSEWHERE = {Reason.BAD_OPTION, Reason.FEATURE_OFF, Reason.CONFIRM_REMOVALS_REQUIRED}


def every_kind_of_problem(kind: type[problems.Problem] = problems.Problem) -> set[str]:
    below = {code for one in kind.__subclasses__() for code in every_kind_of_problem(one)}
    return below | ({kind.code} if "code" in vars(kind) else set())


@pytest.mark.parametrize("scope", [Scope.CHECKOUT, Scope.DOOR])
def test_the_calls_of_a_narrow_scope_are_documented(scope: Scope) -> None:
    (row,) = re.findall(rf"^\| `{scope}` \| (.*) \|$", API, re.MULTILINE)
    calls = {f"{route.method} {route.path}" for route in routes() if scope in route.endpoint.scopes(route.method)}
    assert {PARAMETER.sub("{}", call) for call in CALL.findall(row)} == {PARAMETER.sub("{}", call) for call in calls}


@pytest.mark.parametrize("field", COLUMN_WORDS)
def test_every_column_name_is_documented_in_every_language(field: str) -> None:
    words = " | ".join(", ".join(COLUMN_WORDS[field][language]) for language in LANGUAGES)
    assert f"| **{field}** | {words} |" in FILES


@pytest.mark.parametrize("code", sorted(every_kind_of_problem()))
def test_every_reason_for_refusing_a_row_is_documented(code: str) -> None:
    assert f"`{code}`" in FILES


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in EXPLAINED_ELSEWHERE])
def test_every_reason_for_failing_a_file_is_documented(reason: Reason) -> None:
    assert f"`{reason.value}`" in FILES


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
def test_every_target_of_make_is_documented(target: str) -> None:
    assert f"`make {target}`" in ARCHITECTURE


def test_the_readme_is_short() -> None:
    assert len(PAGES[0].read_text(encoding="utf-8").splitlines()) < 170


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_documents_leads_to_a_file(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
