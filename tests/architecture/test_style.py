"""Limits that a reader relies on: length, docstrings, names. Each is also tried on a module that breaks it."""

import ast
import re
from collections.abc import Callable, Sequence

import pytest

from tests.architecture.source import INFRA, ROOT, Source, modules, ours, planted

LONGEST_FUNCTION = 40
LONGEST_FILE = 300
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc", "core", "lib"}
LEFT_OPEN = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error"]
SHORT_TEXT = 80
EVERY_ADDRESS = ".".join("0000")
IN_BACKTICKS = re.compile(r"`([a-z_][a-z0-9_]*|[A-Z][A-Z0-9_]+)`")
NAMED_FROM_AFAR = {"has_pattern", "import_tickets", "listing", "remaining", "taken", "unsubscribed", "written"}
"""Names in docstrings of other modules: attributes of stored items, and functions of the same package."""

Sources = Sequence[Source]
Law = Callable[[Sources], set[str]]


def a_function_fits_a_screen(sources: Sources) -> set[str]:
    return {one.name for one in sources for each in one.functions() if _length(each) > LONGEST_FUNCTION}


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of its body, docstring included."""
    return (function.end_lineno or 0) - function.body[0].lineno + 1


def a_file_has_few_lines(sources: Sources) -> set[str]:
    return {one.name for one in sources if one.text.count("\n") > LONGEST_FILE}


def a_module_has_a_docstring(sources: Sources) -> set[str]:
    return {one.name for one in sources if not ast.get_docstring(one.tree)}


def everything_public_has_a_docstring(sources: Sources) -> set[str]:
    return {one.name for one in sources for node in _public(one.tree.body) if not ast.get_docstring(node)}


def _public(body: list[ast.stmt]) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    definitions = [node for node in body if isinstance(node, kinds) and not node.name.startswith("_")]
    inner = [one for node in definitions if isinstance(node, ast.ClassDef) for one in _public(node.body)]
    return [*definitions, *inner]


def a_docstring_names_what_is_there(sources: Sources) -> set[str]:
    """A parameter or field that was renamed must be renamed in the docstring too."""
    layer = [one for one in sources if one.module.startswith("guestlist.")]
    return {one.name for one in layer if set(_named_in_docstrings(one)) - _names_of(one) - NAMED_FROM_AFAR}


def _named_in_docstrings(source: Source) -> list[str]:
    kinds = (ast.FunctionDef, ast.ClassDef)
    docstrings = [ast.get_docstring(node) or "" for node in source.nodes if isinstance(node, kinds)]
    return IN_BACKTICKS.findall("\n".join(docstrings))


def _names_of(source: Source) -> set[str]:
    """Every name in the module's code, every word of its other texts, and the modules beside it."""
    docstrings = {id(node.body[0].value) for node in source.nodes if _has_docstring(node)}  # type: ignore[attr-defined]
    names = {path.stem for path in source.path.parent.glob("*.py")}
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            names.update(re.findall(r"\w+", node.value))
        names.update(str(getattr(node, field)) for field in ("id", "arg", "attr", "name") if hasattr(node, field))
    return names


def _has_docstring(node: ast.AST) -> bool:
    kinds = (ast.Module, ast.FunctionDef, ast.ClassDef)
    return isinstance(node, kinds) and ast.get_docstring(node) is not None


def a_module_is_named_for_what_it_is(sources: Sources) -> set[str]:
    return {one.name for one in sources if set(one.module.split(".")) & SAYS_NOTHING}


def nothing_is_left_open(sources: Sources) -> set[str]:
    return {one.name for one in sources if any(word in one.text for word in LEFT_OPEN)}


def every_server_is_bound_to_loopback(sources: Sources) -> set[str]:
    return {one.name for one in sources if EVERY_ADDRESS in one.text}


PLANTED: list[tuple[Law, str, str]] = [
    (a_function_fits_a_screen, "guestlist.lists.planted", "def f():\n" + "    x = 1\n" * (LONGEST_FUNCTION + 1)),
    (a_file_has_few_lines, "guestlist.lists.planted", "\n" * (LONGEST_FILE + 1)),
    (a_module_has_a_docstring, "guestlist.lists.planted", "x = 1"),
    (everything_public_has_a_docstring, "guestlist.lists.planted", '"""Planted."""\ndef f(): ...'),
    (everything_public_has_a_docstring, "guestlist.lists.planted", 'class A:\n    """A."""\n    def f(self): ...'),
    (a_docstring_names_what_is_there, "guestlist.lists.planted", 'def f(new):\n    """Return `old`."""'),
    (a_docstring_names_what_is_there, "guestlist.lists.planted", 'class A:\n    """`old` is a field."""\n    new: int'),
    (a_module_is_named_for_what_it_is, "guestlist.lists.utils", '"""Planted."""'),
    *((nothing_is_left_open, "guestlist.lists.planted", f"# {word}") for word in LEFT_OPEN),
    (every_server_is_bound_to_loopback, "chalicelib.web.planted", f"HOST = '{EVERY_ADDRESS}'"),
]
LAWS = list(dict.fromkeys(law for law, _, _ in PLANTED))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_source_keeps_the_law(law: Law) -> None:
    assert law(ours(INFRA)) == set()


@pytest.mark.parametrize(("law", "module", "text"), PLANTED, ids=lambda value: getattr(value, "__name__", ""))
def test_the_law_finds_the_planted_violation(law: Law, module: str, text: str) -> None:
    violation = planted(module, text)
    assert law([*ours(INFRA), violation]) == {violation.name}


def test_every_server_of_the_tests_is_bound_to_loopback() -> None:
    assert (
        every_server_is_bound_to_loopback(modules(ROOT / "tests" / "engines", ROOT / "tests" / "acceptance")) == set()
    )


def unused(sources: Sources) -> set[str]:
    """Definitions of the layer and the functions that nothing uses, tests apart."""
    used = {name for one in sources for node in ast.walk(one.tree) for name in _used(node)}
    ours = [one for one in sources if one.module.startswith(("guestlist.", "chalicelib."))]
    return {f"{one.name}: {name}" for one in ours for name in _defined(one.tree.body) if name not in used}


def _used(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(name, ast.Load()) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
            return [name]
        case ast.Constant(str(text)):  # handlers, and parts of an expression, are named in text
            return re.findall(r"\w+", text) if len(text) < SHORT_TEXT else []
    return []


def _defined(body: list[ast.stmt]) -> list[str]:
    """Functions without decorators, classes, constants, and methods of classes that inherit none."""
    names: list[str] = []
    for node in body:
        match node:
            case ast.FunctionDef(name=name, decorator_list=[]):
                names.append(name)
            case ast.ClassDef(name=name, bases=bases):
                names += [name, *([] if bases else _methods(node.body))]
            case ast.AnnAssign(ast.Name(name)):
                names.append(name)
            case ast.Assign(targets):
                names += [target.id for target in targets if isinstance(target, ast.Name)]
    return [name for name in names if not name.startswith("__")]


def _methods(body: list[ast.stmt]) -> list[str]:
    return [node.name for node in body if isinstance(node, ast.FunctionDef)]


def test_everything_defined_is_used() -> None:
    assert unused(ours(INFRA)) == set()


@pytest.mark.parametrize(
    "text", ["def planted(): ...", "PLANTED = 1", "class Planted: ...", "class I:\n def planted(): ...\nI"]
)
def test_an_unused_definition_is_found(text: str) -> None:
    violation = planted("guestlist.lists.planted", text)
    assert [name.lower() for name in unused([*ours(INFRA), violation])] == [f"{violation.name}: planted"]
