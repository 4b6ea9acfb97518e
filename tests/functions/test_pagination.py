"""Pages of lists, which one function builds for all routes."""

import ast
from pathlib import Path

import pytest

from chalicelib import routes
from chalicelib.web.pagination import Listed, Page


@pytest.mark.parametrize(
    ("rows", "items", "following"),
    [([], [], None), ([1], [1], None), ([1, 2], [1, 2], None), ([1, 2, 3], [1, 2], {"after": 2})],
    ids=["none", "fewer", "just as many", "more"],
)
def test_a_page_has_a_next_one_if_there_are_more_rows(
    rows: list[int], items: list[int], following: dict[str, int] | None
) -> None:
    assert Page(limit=2).of(rows, lambda row: {"after": row}) == Listed(items, following)


def test_at_most_one_row_after_the_page_is_read() -> None:
    rows = iter(range(10))
    Page(limit=2).of(rows, lambda row: {"after": row})
    assert next(rows) == 3


def test_a_page_begins_after_the_position_of_the_former() -> None:
    assert Page(2).after("email", "") == ""
    assert Page(2, {"email": "ann@example.com"}).after("email", "") == "ann@example.com"


def test_mapping_a_page_changes_only_its_items() -> None:
    assert Listed([1, 2], {"after": 2}, "a message").map(str) == Listed(["1", "2"], {"after": 2}, "a message")


def test_no_route_builds_a_page_itself() -> None:
    folder = Path(routes.__file__).parent
    cutting = {
        path.name
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.BinOp) and "limit + 1" in ast.unparse(node)
    }
    assert cutting == set()
