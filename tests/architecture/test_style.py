"""Limits that a reader relies on: length, docstrings, names."""

import ast

from tests.architecture.source import FUNCTIONS, INFRA, LAYER, ROOT, modules

OURS = modules(LAYER, FUNCTIONS, INFRA)
LONGEST_FUNCTION = 40
LONGEST_FILE = 300
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc", "core", "lib"}
LEFT_OPEN = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error"]
EVERY_ADDRESS = ".".join("0000")


def test_a_function_fits_a_screen() -> None:
    long = {f"{one.name}: {each.name}" for one in OURS for each in one.functions() if _length(each) > LONGEST_FUNCTION}
    assert long == set()


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of its body, docstring included."""
    return (function.end_lineno or 0) - function.body[0].lineno + 1


def test_a_file_can_be_read_at_one_sitting() -> None:
    assert {one.name for one in OURS if one.text.count("\n") > LONGEST_FILE} == set()


def test_everything_public_says_what_its_signature_cannot() -> None:
    assert [source.name for source in OURS if not ast.get_docstring(source.tree)] == []
    silent = {
        f"{one.name}: {node.name}" for one in OURS for node in _public(one.tree.body) if not ast.get_docstring(node)
    }
    assert silent == set()


def _public(body: list[ast.stmt]) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = [node for node in body if isinstance(node, kinds) and not node.name.startswith("_")]
    inner = [one for node in found if isinstance(node, ast.ClassDef) for one in _public(node.body)]
    return [*found, *inner]


def test_a_module_is_named_for_what_it_is() -> None:
    assert [source.name for source in OURS if set(source.module.split(".")) & SAYS_NOTHING] == []


def test_nothing_is_left_open() -> None:
    assert [source.name for source in OURS if any(word in source.text for word in LEFT_OPEN)] == []


def test_every_server_is_bound_to_loopback() -> None:
    files = [*OURS, *modules(ROOT / "tests" / "engines", ROOT / "tests" / "acceptance")]
    assert [one.name for one in files if EVERY_ADDRESS in one.text] == []
