"""The hand-written part of the OpenAPI document, from `infra/contract`: names, descriptions and examples."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

Schema = dict[str, Any]

FOLDER = Path(__file__).with_name("contract")
_COMMON = "common"
_PAGE = "Page"


class Operation(NamedTuple):
    """The `operationId` of a call and its tag."""

    id: str
    tag: str


class NotAnnotated(KeyError):
    """Something that `infra/contract` does not describe; the message says where to add it."""

    def __str__(self) -> str:
        return f"{self.args[0]} is not described: add it to infra/contract/{self.args[1]}."


class Annotations:
    """The tables of `infra/contract`. Rows that are used are recorded, so that unused ones can be reported."""

    def __init__(self) -> None:
        self._tags = _read("operations.toml")
        self._parameters = _read("parameters.toml")
        self._schemas = _read("schemas.toml")
        self._operations = {
            call: Operation(name, tag) for tag, row in self._tags.items() for name, call in row["operations"].items()
        }
        self._names = {
            (row[way], way): name for name, row in self._schemas.items() for way in ("body", "answer") if way in row
        }
        self._asked: set[str] = set()

    def operation(self, call: str) -> Operation:
        """The name and tag of a call, such as `GET /v1/groups`. Raises `NotAnnotated`."""
        self._asked.add(call)
        if call not in self._operations:
            raise NotAnnotated(call, "operations.toml")
        return self._operations[call]

    def tags(self) -> list[dict[str, str]]:
        """The tags with their descriptions, in the order of the table."""
        return [{"name": name, "description": row["description"]} for name, row in self._tags.items()]

    def parameter(self, operation_id: str, name: str) -> dict[str, Any]:
        """The description and the example of a parameter. Raises `NotAnnotated`."""
        for section in (operation_id, "all"):
            if name in self._parameters.get(section, {}):
                self._asked.add(f"{section} {name}")
                description, example = self._parameters[section][name]
                return {"description": description, "example": example}
        raise NotAnnotated(f"{name} of {operation_id}", "parameters.toml")

    def name(self, kind: str, *, answers: bool) -> str:
        """The name of the schema of a class, as a request body or a response. Raises `NotAnnotated`."""
        way = "answer" if answers else "body"
        if (kind, way) not in self._names:
            raise NotAnnotated(f"{kind} as {way}", "schemas.toml")
        return self._names[kind, way]

    def described(self, schemas: Mapping[str, Schema]) -> dict[str, Schema]:
        """The schemas by name, with descriptions and an example of each property. Raises `NotAnnotated`."""
        examples = Examples(self, schemas)
        return {name: self._described(name, schema, examples) for name, schema in schemas.items()}

    def _described(self, name: str, schema: Schema, examples: "Examples") -> Schema:
        row = self.row(name)
        properties = {
            each: {**part, "description": self.property(name, each)[0], "examples": [examples.of_property(name, each)]}
            for each, part in schema["properties"].items()
        }
        whole = {"examples": [examples.of(name)]} if "example" in row or "nulls" in row else {}
        return {"description": row["description"], **schema, "properties": properties, **whole}

    def row(self, name: str) -> dict[str, Any]:
        """The row of a schema. Raises `NotAnnotated`."""
        item = name.removesuffix(_PAGE)
        if name not in self._schemas and item in self._schemas and item != name:
            return {"description": f"A page of a list: {self._schemas[item]['description']}", "like": _PAGE}
        self._asked.add(name)
        if name not in self._schemas:
            raise NotAnnotated(name, "schemas.toml")
        row: dict[str, Any] = self._schemas[name]
        return row

    def property(self, name: str, each: str) -> list[Any]:
        """The description of a property, and its example if it has one. Raises `NotAnnotated`."""
        section: str | None = name
        while section is not None:
            row = self._schemas.get(section) or self.row(section)
            if each in row.get("properties", {}):
                self._asked.add(f"{section}.{each}")
                annotation: list[Any] = row["properties"][each]
                return annotation
            section = row.get("like") or (_COMMON if section != _COMMON else None)
        raise NotAnnotated(f"{name}.{each}", "schemas.toml")

    def unused(self) -> set[str]:
        """The rows of the tables that are not used."""
        rows = self._operations.keys() | self._schemas.keys() - {_COMMON, _PAGE}
        rows |= {f"{name}.{each}" for name, row in self._schemas.items() for each in row.get("properties", {})}
        rows |= {f"{name} {each}" for name, row in self._parameters.items() for each in row}
        return rows - self._asked


class Examples:
    """Examples of schemas, composed of those of their properties."""

    def __init__(self, annotations: Annotations, schemas: Mapping[str, Schema]) -> None:
        self._annotations = annotations
        self._schemas = schemas

    def of(self, name: str) -> Any:
        """An example of the schema with this name: its own, or one composed of its properties'."""
        row = self._annotations.row(name)
        if "example" in row:
            return row["example"]
        absent = row.get("nulls", ())
        each = self._schemas[name]["properties"]
        return {one: None if one in absent else self.of_property(name, one) for one in each}

    def of_property(self, name: str, each: str) -> Any:
        """The example of a property, composed if it is an object and has none of its own. Raises `NotAnnotated`."""
        annotation = self._annotations.property(name, each)
        return (
            annotation[1]
            if len(annotation) > 1
            else self._of_schema(self._schemas[name]["properties"][each], f"{name}.{each}")
        )

    def _of_schema(self, schema: Schema, place: str) -> Any:
        if "$ref" in schema:
            return self.of(schema["$ref"].rpartition("/")[2])
        if "anyOf" in schema:
            return self._of_schema(schema["anyOf"][0], place)
        if schema.get("type") == "array":
            return [self._of_schema(schema["items"], place)]
        raise NotAnnotated(f"An example of {place}", "schemas.toml")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
