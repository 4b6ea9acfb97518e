"""Errors name messages of the catalogue, and no words for people stand in the code.

As in `test_laws`, the law is tried on the source as it is, and together with a planted module, which it must find.
"""

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from functools import cache

import pytest

from chalicelib.web import validation
from guestlist.messages import catalogue
from infra import gateway
from tests.architecture.source import Source, ours, planted, within

PREFIXES = ("api.", "")
IMPORTS = "from guestlist.model.errors import BadInstant, Conflict, FieldFault, Forbidden, Invalid, Unknown"
KEYS = tuple(key for key in catalogue.texts("en") if key.removeprefix("api.").startswith(("problem.", "fault.")))


def below(base: str, sources: Sequence[Source]) -> set[str]:
    """The class with this name and all below it."""
    names, former = {base}, set[str]()
    while names != former:
        former = set(names)
        names |= {
            node.name
            for one in sources
            for node in one.nodes
            if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & names
        }
    return names


@cache
def errors() -> tuple[set[str], set[str]]:
    """All errors, and those of them that are answered as invalid."""
    return below("GuestlistError", ours()), below("Invalid", ours())


def messages(source: Source) -> Iterator[tuple[str, ast.expr, ast.Call]]:
    """The kind of each message that is named in the module, its name, and the call that names it."""
    # Another class may have the name of an error.
    every_error, invalid = errors()
    imported_names = {name.rpartition(".")[2] for name in source.imported()}
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
            case ast.Name(id=error), [name, *_] if error in (every_error - invalid) & imported_names:
                yield "problem", name, node


def message_keys(kind: str, name: ast.expr) -> list[str] | None:
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


def message_params(call: ast.Call) -> set[str] | None:
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
    violations: dict[str, set[str]] = {}
    for source in sources:
        for kind, name, call in messages(source):
            keys, params = message_keys(kind, name), message_params(call)
            if not fits(name, keys, params):
                violations.setdefault(source.name, set()).add(ast.unparse(call))
    return violations


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
    used_keys = {key for one in ours() for kind, name, _ in messages(one) for key in message_keys(kind, name) or ()}
    of_pydantic = {f"api.fault.{name}" for name in validation.MESSAGES.values()}
    of_gateway = {
        ".".join(["api.problem", one.code, *map(str, one.params.values())]) for one in gateway.BY_TYPE.values()
    }
    assert {key for key in KEYS if key.startswith("api.")} - used_keys - of_pydantic - of_gateway == set()


PROSE = re.compile(r"\b[A-Za-z][a-z]+[,;:]? [a-z]{2,}\b")
MACHINE = re.compile(r"\s*<|[a-z]+/[a-z]+; |[\w-]+: [\w/]+$|[A-Z]{4,} |public, |attachment; |lines \(|\{[\w ]+\}$")
"""How text begins that programs read: HTML, media types, header lines, SQL, and places to fill in."""
MAY_HAVE_PROSE = (
    "guestlist.imports.reading",  # the words of other systems' files
    "guestlist.model.csv_lines",  # headings, which the importer reads back
    "guestlist.lists.difference",  # the same
    "guestlist.aws.wire",  # errors of the client, for the log
    "guestlist.dead_letters",  # the operator's command, which is English (docs/decisions/0081)
)
LOG = re.compile(r"_?log(ger)?\.\w+")
BUILT_IN = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)}


def not_for_people(node: ast.AST) -> Iterator[ast.AST | None]:
    """The parts of a node that no person reads, or whoever reads the code, the log or the API's reference."""
    match node:
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
        case ast.Assign(targets=[ast.Attribute(attr="__doc__")], value=docstring):
            yield docstring
        case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=annotation):
            yield annotation
        case ast.JoinedStr(values=parts):
            yield from (part for part in parts if isinstance(part, ast.Constant))
        case ast.Dict(keys=keys):
            yield from keys
        case ast.Call(func=ast.Name(id="endpoint"), keywords=keywords):
            yield from (keyword.value for keyword in keywords if keyword.arg == "headers")
        case ast.Call(func=function, args=args) if LOG.fullmatch(ast.unparse(function)):
            yield from args
        case ast.Call(func=ast.Name(id=error), args=args) if error in BUILT_IN:
            yield from args


def prose(sources: Sequence[Source]) -> dict[str, set[str]]:
    """Texts of several words, by the module that writes them."""
    found: dict[str, set[str]] = {}
    for source in sources:
        if within(source.module, MAY_HAVE_PROSE):
            continue
        parts = [part for node in source.nodes for part in not_for_people(node) if part]
        left_out = {id(node) for part in parts for node in ast.walk(part)}
        for node in source.nodes:
            text = used_keys(node)
            if id(node) not in left_out and PROSE.search(text) and not MACHINE.match(text):
                found.setdefault(source.name, set()).add(text)
    return found


def used_keys(node: ast.AST) -> str:
    """The text of a literal, with a digit for each value that is put in; empty for anything else."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(used_keys(part) or "0" for part in parts)
    return ""


def test_no_sentence_for_people_is_written_in_the_code() -> None:
    assert prose(ours()) == {}


@pytest.mark.parametrize(
    "code",
    [
        'detail = "The import was ended by hand."',
        'reply = Reply(error=f"no answer within {seconds} seconds")',
        'raise Refused("the mailbox is asked too often")',
        'DESCRIPTIONS = {GroupType.TARGET: "A list of codes"}',
        'last_sync = f"{n} days ago"',
        'last_sync = "just now"',
        'class Asked:\n    reason: str = "It was ended by hand."',
        'why = f"kept by the group\'s lifetime: {findings}"',
        'line = f"Line {number}, column “{name}”: {said} was refused"',
    ],
)
def test_a_sentence_for_people_in_the_code_is_found(code: str) -> None:
    source = planted("guestlist.lists.planted", code)
    assert prose([source]).keys() == {source.name}


@pytest.mark.parametrize(
    "code",
    [
        '"""The lists of an organiser."""',
        'logger.info("import not claimable", import_id=import_id)',
        'raise ValueError("a change is of something")',
        'MEDIA_TYPE = "text/csv; charset=utf-8"',
        'COMMANDS = {"organisers create": create}',
        'HEAD = f"<p class={name}>"',
        'ANSWER: "Callable[[str], Mapping[str, int] or none]" = {}',
    ],
)
def test_text_for_programs_is_not_taken_for_a_sentence(code: str) -> None:
    assert prose([planted("guestlist.lists.planted", code)]) == {}
