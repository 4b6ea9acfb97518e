"""`make behaviours`: which tests cover which of the numbered behaviours in `docs/behaviours.md`.

A number without a test must be listed as open, with its reason, in `tests/behaviours_open.toml`; a listed number
with a test is an error too, so that the list can only become shorter.
"""

import argparse
import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
OPEN = TESTS / "behaviours_open.toml"
NUMBERS = tuple(
    int(number)
    for number in re.findall(
        r"^\| (\d+) \|", (ROOT / "docs" / "behaviours.md").read_text(encoding="utf-8"), re.MULTILINE
    )
)

_HEAD = """\
# Behaviours that no test shows yet, each range with its reason. `make behaviours` fails on a number that is
# neither here nor shown, and on one that is both; `python -m infra.behaviours --shrink` takes those out.
"""

TestsByNumber = Mapping[int, list[str]]
Reasons = Mapping[int, str]


def covering_tests(tests: Path = TESTS) -> TestsByNumber:
    """The tests that are marked with each number, as `file::test`."""
    tests_by_number: dict[int, list[str]] = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        if "node_modules" not in path.parts:
            for name, number in _marks(ast.parse(path.read_text(encoding="utf-8"))):
                tests_by_number[number].append(f"{path.relative_to(tests)}::{name}")
    return tests_by_number


def _marks(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every number with the test, class or parameter set that is marked with it; `*` for a whole module."""
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            yield from _carried(statement.name, *statement.decorator_list)
            for inner in statement.body:
                yield from _carried(f"{statement.name}::{getattr(inner, 'name', '*')}", inner)
        else:
            yield from _carried(getattr(statement, "name", "*"), statement)


def _carried(name: str, *nodes: ast.AST) -> Iterator[tuple[str, int]]:
    for node in nodes:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.behaviour":
                for number in call.args:
                    yield name, int(ast.literal_eval(number))


def reasons(path: Path = OPEN) -> Reasons:
    """Why each open number is open."""
    listed = tomllib.loads(path.read_text(encoding="utf-8")).get("open", [])
    return {number: one["reason"] for one in listed for number in _numbers(one["numbers"])}


def _numbers(text: str) -> Iterator[int]:
    """The numbers of a text such as `1-3, 7`."""
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        yield from range(int(first), int(last or first) + 1)


def faults(tests_by_number: TestsByNumber, reasons: Reasons) -> list[str]:
    """The errors, as sentences; empty if every number is either covered or open."""
    return [
        *(
            f"{number}: no test, and not listed as open"
            for number in NUMBERS
            if number not in {*tests_by_number, *reasons}
        ),
        *(
            f"{number}: listed as open, and shown by {tests_by_number[number][0]}"
            for number in sorted({*tests_by_number} & {*reasons})
        ),
        *(f"{number}: there is no such behaviour" for number in sorted({*tests_by_number, *reasons} - {*NUMBERS})),
    ]


def table(tests_by_number: TestsByNumber, reasons: Reasons) -> str:
    """Every number with its tests, or with the reason why there is none."""
    rows = []
    for number in NUMBERS:
        lines = tests_by_number.get(number) or [f"open: {reasons.get(number, 'no reason given')}"]
        rows += [f"{number:>4}  {lines[0]}", *(f"      {one}" for one in lines[1:])]
    return "\n".join([*rows, "", f"{len(tests_by_number)} shown, {len(NUMBERS) - len(tests_by_number)} open"])


def shrink(tests_by_number: TestsByNumber, reasons: Reasons) -> str:
    """The list of open numbers, without those that are covered."""
    by_reason: dict[str, list[int]] = defaultdict(list)
    for number, reason in sorted(reasons.items()):
        if number not in tests_by_number:
            by_reason[reason].append(number)
    parts = [
        f'\n[[open]]\nnumbers = "{_ranges(open_numbers)}"\nreason = "{reason}"\n'
        for reason, open_numbers in by_reason.items()
    ]
    return _HEAD + "".join(parts)


def _ranges(numbers: list[int]) -> str:
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def main() -> int:
    """Run the command; 1 if a number is neither covered nor open, or both."""
    parser = argparse.ArgumentParser(prog="python -m infra.behaviours", description="Behaviours and their tests.")
    parser.add_argument("--shrink", action="store_true", help="take what is shown out of the list of open numbers")
    covered, why = covering_tests(), reasons()
    if parser.parse_args().shrink:
        OPEN.write_text(shrink(covered, why), encoding="utf-8")
        why = reasons()
    wrong = faults(covered, why)
    print(table(covered, why))
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
