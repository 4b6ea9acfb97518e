"""The numbered behaviours: each is shown by a test or listed as open, never both."""

from pathlib import Path

from infra import behaviours


def test_the_numbered_behaviours_are_1_to_264() -> None:
    assert list(behaviours.NUMBERS) == list(range(1, 265))


def test_every_behaviour_has_a_test_or_is_listed_as_open() -> None:
    assert behaviours.faults(behaviours.covering_tests(), behaviours.reasons()) == []


def test_a_number_belongs_to_the_test_that_carries_it(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        "import pytest\n"
        "@pytest.mark.behaviour(1, 2)\n"
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.behaviour(3))])\n"
        "def test_one(x): ...\n"
        "class TestTwo:\n"
        "    @pytest.mark.behaviour(2)\n"
        "    def test_two(self): ...\n"
    )
    assert behaviours.covering_tests(tmp_path) == {
        1: ["test_a.py::test_one"],
        2: ["test_a.py::test_one", "test_a.py::TestTwo::test_two"],
        3: ["test_a.py::test_one"],
    }


def test_a_number_without_a_test_is_reported() -> None:
    assert "264: no test, and not listed as open" in behaviours.faults({}, dict.fromkeys(range(1, 264), "why"))


def test_an_open_number_with_a_test_is_reported() -> None:
    why = dict.fromkeys(range(1, 265), "why")
    assert behaviours.faults({7: ["a::b"]}, why) == ["7: listed as open, and shown by a::b"]


def test_an_unknown_number_is_reported() -> None:
    why = dict.fromkeys(range(1, 265), "why")
    assert behaviours.faults({265: ["a::b"]}, why) == ["265: there is no such behaviour"]


def test_a_number_with_a_test_is_removed_from_the_open_ones(tmp_path: Path) -> None:
    path = tmp_path / "open.toml"
    path.write_text(behaviours.shrink({2: ["a::b"]}, {1: "x", 2: "x", 3: "x", 4: "x", 9: "y"}))
    assert behaviours.reasons(path) == {1: "x", 3: "x", 4: "x", 9: "y"}
    assert 'numbers = "1, 3-4"' in path.read_text()
