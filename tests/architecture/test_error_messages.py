"""Errors name messages of the catalogue and write no sentences.

As in `test_laws`, the law is tried on the source as it is, and together with a planted module, which it must find.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache

import pytest

from chalicelib.web import validation
from guestlist.messages import catalogue
from infra import gateway
from tests.architecture.source import Source, ours, planted

PREFIXES = ("api.", "")
IMPORTS = "from guestlist.model.errors import BadInstant, Conflict, FieldFault, Forbidden, Invalid, Unknown"
KEYS = tuple(key for key in catalogue.texts("en") if key.removeprefix("api.").startswith(("problem.", "fault.")))


def below(base: str, sources: Sequence[Source]) -> set[str]:
    """The class with this name and all below it."""
    found, former = {base}, set[str]()
    while found != former:
        former = set(found)
        found |= {
            node.name
            for one in sources
            for node in one.nodes
            if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & found
        }
    return found


@cache
def errors() -> tuple[set[str], set[str]]:
    """All errors, and those of them that are answered as invalid."""
    return below("GuestlistError", ours()), below("Invalid", ours())


def messages(source: Source) -> Iterator[tuple[str, ast.expr, ast.Call]]:
    """The kind of each message that is named in the module, its name, and the call that names it."""
    # Another class may have the name of an error.
    every_error, invalid = errors()
    known = {name.rpartition(".")[2] for name in source.imported()}
    for node in source.nodes:
        if not isinstance(node, ast.Call):
            continue
        match node.func, node.args:
            case ast.Attribute(value=ast.Name(id=owner), attr="field"), [_, name, *_] if owner in invalid:
                yield "fault", name, node
            case ast.Name(id="FieldFault"), [_, name, *_]:
                yield "fault", name, node
            case ast.Name(id="PydanticCustomError"), [name, text, *_]:
                yield "fault", name, node
                if isinstance(text, ast.Constant | ast.JoinedStr):
                    yield "fault", text, node
            case ast.Name(id=error), [name, *_] if error in (every_error - invalid) & known:
                yield "problem", name, node


def named(kind: str, name: ast.expr) -> list[str] | None:
    """The keys of the messages that the expression can name; None for one that is not written here."""
    match name:
        case ast.Constant(value=str(text)):
            pattern = re.escape(text)
        case ast.JoinedStr(values=[ast.Constant(value=str(first)), *_] as values) if "." in first:
            pattern = "".join(re.escape(one.value) if isinstance(one, ast.Constant) else "[a-z_]+" for one in values)
        case ast.Attribute(attr="value" | "message" | "code") | ast.Name(id="message" | "code"):
            return None
        case ast.Name(id=constant) if constant.isupper():
            return None
        case _:
            return []
    return [key for prefix in PREFIXES for key in KEYS if re.fullmatch(f"{re.escape(prefix + kind)}\\.{pattern}", key)]


def given(call: ast.Call) -> set[str] | None:
    """The parameters of a message; None if not all of them are written here, or pydantic's are added."""
    names = {keyword.arg for keyword in call.keywords}
    return None if None in names or ast.unparse(call.func) == "PydanticCustomError" else {*filter(None, names)}


def fits(name: ast.expr, keys: list[str] | None, params: set[str] | None) -> bool:
    """Whether there are such messages, and none lacks a parameter; of a name with a variable part, not all do."""
    if not keys or params is None:
        return keys != []
    lacking = [bool(catalogue.params_of(key) - params) for key in keys]
    return not (all(lacking) if isinstance(name, ast.JoinedStr) else any(lacking))


def errors_name_messages(sources: Sequence[Source]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for source in sources:
        for kind, name, call in messages(source):
            keys, params = named(kind, name), given(call)
            if not fits(name, keys, params):
                found.setdefault(source.name, set()).add(ast.unparse(call))
    return found


def test_errors_name_messages() -> None:
    assert errors_name_messages(ours()) == {}


@pytest.mark.parametrize(
    "call",
    [
        'Conflict("The group has expired.")',
        'Unknown(f"There is no group {group_id}.")',
        'Unknown("not_found.planet", id=planet)',
        'Unknown("not_found.event")',
        "Conflict(detail)",
        'Forbidden("Not you. " + why)',
        'Invalid.field("name", "required.planet_name")',
        'BadInstant.field("at", "must lie ahead")',
        'FieldFault(f"lines.{at}", f"There is no {name}.")',
        'UrlNotAllowed([FieldFault("url", "nowhere")])',
        'PydanticCustomError("bad_date", "must be a date")',
        'PydanticCustomError("bad_planet", TEXT)',
    ],
)
def test_an_error_with_a_sentence_or_an_unknown_message_is_found(call: str) -> None:
    source = planted("guestlist.lists.planted", f"{IMPORTS}\n\ndef f():\n    raise {call}")
    assert errors_name_messages([*ours(), source]).keys() == {source.name}


def test_every_sentence_of_the_api_alone_is_used() -> None:
    written = {key for one in ours() for kind, name, _ in messages(one) for key in named(kind, name) or ()}
    of_pydantic = {f"api.fault.{name}" for name in validation.MESSAGES.values()}
    of_gateway = {
        ".".join(["api.problem", one.code, *map(str, one.params.values())]) for one in gateway.BY_TYPE.values()
    }
    assert {key for key in KEYS if key.startswith("api.")} - written - of_pydantic - of_gateway == set()
