"""The schemas with which pydantic validates input as strictly as the contract demands.

pydantic's schema of a dataclass is tightened: no conversion between JSON's types, closed objects, the first matching
choice of a union, and errors of a dataclass's own validation reported for its fields. Loading pydantic takes longer
than a whole check, so the schemas of a checkout's bodies are stored in `checkout_schemas.json`
(`python -m infra.core_schemas`), which pydantic-core reads alone.
"""

import json
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from chalicelib.web import fields

Schema = dict[str, Any]

STORED = "checkout_schemas.json"
UNION = "\0"
"""Marks the label of a union's choice in the location of an error."""
_UNLIMITED = 1 << 30
_AS_IT_IS = {"cls", "config", "default", "metadata", "serialization", "expected", "members"}
_OBJECT, _LIMIT, _TUPLE = "python", "limit", "tuple"


def stored() -> Mapping[str, Any]:
    """The stored schemas by class."""
    text = Path(__file__).with_name(STORED).read_text(encoding="utf-8")
    schemas: Mapping[str, Any] = json.loads(text)
    return schemas


def as_json(part: Any) -> Any:
    """A schema as JSON, with classes and functions by name. Parts without references need no name."""
    if isinstance(part, dict):
        return {name: as_json(value) for name, value in part.items() if name not in {"config", "metadata", "ref"}}
    if isinstance(part, list):
        return [as_json(value) for value in part]
    if isinstance(part, fields.Limited):
        return {_OBJECT: name_of(type(part)), _LIMIT: as_json(part.limit)}
    if isinstance(part, tuple):
        return {_TUPLE: [as_json(value) for value in part]}
    return part if part is None or isinstance(part, str | int | float) else {_OBJECT: name_of(part)}


def from_json(part: Any) -> Any:
    """The schema in JSON."""
    if isinstance(part, list):
        return [from_json(value) for value in part]
    if not isinstance(part, dict):
        return part
    if _OBJECT in part:
        module, _, name = part[_OBJECT].partition(":")
        named_object = getattr(import_module(module), name)
        return named_object(from_json(part[_LIMIT])) if _LIMIT in part else named_object
    if _TUPLE in part:
        return tuple(from_json(part[_TUPLE]))
    return {name: from_json(value) for name, value in part.items()}


def name_of(kind: Any) -> str:
    """The module and name of a class or function."""
    return f"{kind.__module__}:{kind.__qualname__}"


def schema_of(kind: Any) -> Schema:
    """The tightened schema of any type that pydantic supports."""
    from pydantic import TypeAdapter

    schema: Schema = _tightened(TypeAdapter(kind).core_schema)
    return schema


def _tightened(part: Any) -> Any:
    if isinstance(part, list):
        return [_tightened(item) for item in part]
    if isinstance(part, tuple):
        return tuple(_tightened(item) for item in part)
    if not isinstance(part, dict):
        return part
    schema = {name: value if name in _AS_IT_IS else _tightened(value) for name, value in part.items()}
    tighten = _TIGHTEN.get(schema.get("type", ""))
    return tighten(schema) if tighten else schema


def _strict(schema: Schema) -> Schema:
    return {**schema, "strict": True}


def _text(schema: Schema) -> Schema:
    # A text without a limit would not be checked, and may contain half of a surrogate pair.
    return {"max_length": _UNLIMITED, **schema, "strict": True}


def _lax(schema: Schema) -> Schema:
    return {**schema, "strict": False}


def _float(schema: Schema) -> Schema:
    return _function("before", fields.finite, {**schema, "strict": True, "allow_inf_nan": False})


def _int(schema: Schema) -> Schema:
    return _function("before", fields.whole, _strict(schema))


def _sized(schema: Schema) -> Schema:
    """Refuse what is too long before reading its content, and what is too short only if all its content is valid."""
    inner = {**schema, "strict": False}
    least, most = inner.pop("min_length", None), inner.pop("max_length", None)
    if least is not None:
        inner = _function("after", fields.AtLeast(least), inner)
    return inner if most is None else _function("before", fields.AtMost(most), inner)


def _union(schema: Schema) -> Schema:
    kinds = [choice[0] if isinstance(choice, tuple) else choice for choice in schema["choices"]]
    choices = [(choice, f"{UNION}{number}") for number, choice in enumerate(kinds)]
    return {**schema, "choices": choices, "mode": "left_to_right"}


def _closed(schema: Schema) -> Schema:
    return {**schema, "extra_behavior": "forbid"}


def _typed_dict(schema: Schema) -> Schema:
    return _referred(schema, _function("before", fields.Closed(tuple(schema["fields"])), _closed(schema)))


def _dataclass(schema: Schema) -> Schema:
    names = tuple(field["name"] for field in schema["schema"]["fields"])
    validator = {**schema, "post_init": False}
    if schema.get("post_init"):
        validator = _function("after", fields.completed, validator)
    return _referred(schema, _function("before", fields.Closed(names), validator))


def _referred(schema: Schema, outer: Schema) -> Schema:
    """A schema derived from another, under that one's name."""
    inner = outer
    while inner is not schema and "schema" in inner and inner["type"].startswith("function"):
        inner = inner["schema"]
    reference = inner.pop("ref", None)
    return {**outer, "ref": reference} if reference else outer


def _function(kind: str, function: Any, schema: Schema) -> Schema:
    return {"type": f"function-{kind}", "function": {"type": "no-info", "function": function}, "schema": schema}


def _plain(function: Any) -> Callable[[Schema], Schema]:
    return lambda _schema: {"type": "function-plain", "function": {"type": "no-info", "function": function}}


_TIGHTEN: Mapping[str, Callable[[Schema], Schema]] = {
    "str": _text,
    "bool": _strict,
    "float": _float,
    "int": _int,
    "date": _plain(fields.day),
    "datetime": _plain(fields.instant),
    "enum": _lax,
    "tuple": _sized,
    "dict": _sized,
    "union": _union,
    "typed-dict": _typed_dict,
    "dataclass-args": _closed,
    "dataclass": _dataclass,
}
