"""The domain's nouns as JSON Schema, which pydantic makes from the same types that it reads bodies into."""

from collections.abc import Container
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core import core_schema

from guestlist.model import email_address, ids
from guestlist.model.normal_form import Predicate
from infra.annotations import Annotations, Schema

_REFERENCE = "#/components/schemas/"
_NULL: Schema = {"type": "null"}
_NOT_SHOWN = {"title", "description"}
_EMAIL: Schema = {"format": "email", "pattern": f"^{email_address.ADDRESS.pattern}$"}
_WORDS: dict[str, Schema] = {
    "is_order_id": {"pattern": r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"},
    "is_delimiter": {
        "pattern": r"^(?:|\\t|[Tt][Aa][Bb]|[Cc][Oo][Mm][Mm][Aa]|[Ss][Ee][Mm][Ii][Cc][Oo][Ll][Oo][Nn]|[Pp][Ii][Pp][Ee]"
        r"|[Ss][Pp][Aa][Cc][Ee]|_|[^\w\"\r\n\x00])$(?!\n)"
    },
    "is_id": {"pattern": f"^{ids.ID.pattern}$"},
    "is_token": {"pattern": f"^{ids.TOKEN.pattern}$"},
    "is_email": _EMAIL,
    "resembles_email": _EMAIL,
    "is_mailable": {
        **_EMAIL,
        "pattern": rf"^[!-$&-.0-?A-~]{{1,64}}@{email_address.ADDRESS.pattern.partition('}@')[2]}$",
    },
}


class Generator(GenerateJsonSchema):
    """pydantic's generator, with the patterns of our predicates and without titles of fields."""

    ignored_warning_kinds = {"non-serializable-default"}  # noqa: RUF012 - as pydantic declares it

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> Schema:
        """The schema inside, and the pattern of what is demanded of it."""
        inner = super().function_after_schema(schema)
        predicate = getattr(schema["function"]["function"], "__self__", None)
        return inner | _WORDS.get(predicate.func.__name__, {}) if isinstance(predicate, Predicate) else inner

    def sort(self, value: Schema, parent_key: str | None = None) -> Schema:
        """The order in which fields are declared."""
        _ = parent_key
        return value

    def field_title_should_be_set(self, schema: Any) -> Literal[False]:
        """Names of fields are titles enough."""
        _ = schema
        return False


class Schemas:
    """Schemas of one direction: of bodies, which are closed, or of answers, which have every field.

    Objects are kept in `named`, under the names that `annotations` have for them;
    `exclude_none` are the fields that an answer may leave out.
    """

    def __init__(self, annotations: Annotations, *, answers: bool) -> None:
        self.named: dict[str, Schema] = {}
        self._annotations = annotations
        self._kinds: dict[str, Any] = {}
        self._answers = answers

    def of(self, kind: Any, exclude_none: Container[str] = ()) -> Schema:
        """The schema of that type; objects by reference."""
        mode: JsonSchemaMode = "serialization" if self._answers else "validation"
        adapter = TypeAdapter(tuple[kind, ...])  # in a list, so that an object is a definition too
        template = f"{_REFERENCE}{{model}}"
        document = adapter.json_schema(mode=mode, schema_generator=Generator, ref_template=template)
        definitions: dict[str, Schema] = document.get("$defs", {})
        inner = Definitions(definitions, self._annotations, answers=self._answers)
        for name, schema in definitions.items():
            if "properties" in schema:
                self._keep(inner.name(name), inner.object(schema, exclude_none))
        return inner.refined(document["items"])

    def _keep(self, name: str, schema: Schema) -> None:
        # The first call that answers an object says what may be left out of it.
        existing = self.named.setdefault(name, schema)
        if existing["properties"].keys() != schema["properties"].keys():
            raise TypeError(f"Two classes have the name {name}.")


class Definitions:
    """The definitions of one schema of pydantic's: objects get our names, code words stand where they are used."""

    def __init__(self, definitions: dict[str, Schema], annotations: Annotations, *, answers: bool) -> None:
        self._definitions = definitions
        self._annotations = annotations
        self._answers = answers

    def name(self, name: str) -> str:
        """The name that the document has for a class; of classes of one name pydantic puts their module before it."""
        return self._annotations.name(name.rpartition("__")[2], answers=self._answers)

    def object(self, schema: Schema, exclude_none: Container[str]) -> Schema:
        """The definition of an object."""
        properties = {
            name: self._property(part, absent=self._answers and name in exclude_none)
            for name, part in schema["properties"].items()
        }
        result: Schema = {"type": "object", "properties": properties}
        if self._answers:
            return result | {"required": [name for name in properties if name not in exclude_none]}
        return result | {"required": schema.get("required", []), "additionalProperties": False}

    def refined(self, schema: Schema) -> Schema:
        """A part of a schema: references by our names, code words in place of references to them."""
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(_REFERENCE)
            definition = self._definitions[name]
            if "properties" not in definition:
                return {
                    **{each: part for each, part in definition.items() if each not in _NOT_SHOWN},
                    **_but_ref(schema),
                }
            return {"$ref": f"{_REFERENCE}{self.name(name)}", **_but_ref(schema)}
        return {name: self._part(part) for name, part in schema.items() if name != "propertyNames"}

    def _part(self, part: Any) -> Any:
        if isinstance(part, dict):
            return self.refined(part)
        return [self._part(one) for one in part] if isinstance(part, list) else part

    def _property(self, schema: Schema, *, absent: bool) -> Schema:
        refined = self.refined(schema)
        default = refined.pop("default", None)
        if not self._answers and isinstance(default, str | bool | int | float):
            refined["default"] = default
        if not absent or "anyOf" not in refined:
            return refined
        present = [one for one in refined["anyOf"] if one != _NULL]
        return present[0] if len(present) == 1 else {"anyOf": present}


def _but_ref(schema: Schema) -> Schema:
    return {name: part for name, part in schema.items() if name != "$ref"}
