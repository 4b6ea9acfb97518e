"""The code words of the API, collected from the code that uses them."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import chalicelib.routes
import chalicelib.web
import guestlist
from chalicelib.web import validation
from guestlist.imports.reading.problems import Problem
from guestlist.mail.suppressions import BOUNCE, COMPLAINT
from guestlist.mail.unsubscriptions import UNSUBSCRIBED

_FAULTS = {"field", "FieldFault"}
_ERRORS = {"PydanticCustomError"}
SUPPRESSIONS = [BOUNCE, COMPLAINT, UNSUBSCRIBED]
BADGES = ["green", "red"]


def of_fields() -> list[str]:
    """The codes of faults in fields: pydantic's, and those that the code creates."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in _sources()]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sorted({code for call in calls for code in _codes(call)} | set(validation.CODES))


def of_rows() -> list[str]:
    """The codes of problems in rows of files."""
    for module in walk_packages(guestlist.__path__, "guestlist."):
        if ".importing" in module.name or module.name.startswith("guestlist.imports."):
            import_module(module.name)
    return sorted({kind.code for kind in _below(Problem) if "code" in vars(kind)})


def _sources() -> Iterator[Path]:
    for package in (guestlist, chalicelib.routes, chalicelib.web):
        for folder in package.__path__:
            yield from sorted(Path(folder).rglob("*.py"))


def _codes(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    match call.args:
        case [_, ast.Constant(value=str(message)), *_] if name in _FAULTS:
            yield _code(message)
        case [_, ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]), *_] if name in _FAULTS:
            yield _code(beginning)
        case [ast.Constant(value=str(message)), *_] if name in _ERRORS:
            yield _code(message)
        case [ast.Name(id=predicate)] if name == "Predicate":
            yield f"bad_{predicate.removeprefix('is_').removeprefix('resembles_')}"


def _code(message: str) -> str:
    """The code word of a message's name, which may end in a reason."""
    return message.partition(".")[0]


def _below(kind: type[Problem]) -> Iterator[type[Problem]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
