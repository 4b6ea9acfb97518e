"""What stands in the OpenAPI document besides types: names and descriptions, written by hand in `infra/contract`."""

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

Schema = dict[str, Any]

FOLDER = Path(__file__).with_name("contract")


class Operation(NamedTuple):
    """The `operationId` of a call and its tag."""

    id: str
    tag: str


class Unnamed(KeyError):
    """A call or a class that has no name in `infra/contract`; the message says where to add it."""

    def __str__(self) -> str:
        return f"{self.args[0]} has no name: add it to infra/contract/{self.args[1]}."


class Annotations:
    """The tables of `infra/contract`. What was asked for is remembered, so that a dead row is found."""

    def __init__(self) -> None:
        self._tags = _read("operations.toml")
        self._schemas = _read("schemas.toml")
        self._operations = {
            call: Operation(name, tag) for tag, said in self._tags.items() for name, call in said["operations"].items()
        }
        self._names = {
            (said[way], way): name for name, said in self._schemas.items() for way in ("body", "answer") if way in said
        }
        self._asked: set[str] = set()

    def operation(self, call: str) -> Operation:
        """The name and tag of a call, such as `GET /v1/groups`. Raises `Unnamed`."""
        self._asked.add(call)
        if call not in self._operations:
            raise Unnamed(call, "operations.toml")
        return self._operations[call]

    def tags(self) -> list[dict[str, str]]:
        """The tags with their descriptions, in the order of the table."""
        return [{"name": name, "description": said["description"]} for name, said in self._tags.items()]

    def name(self, kind: str, *, answers: bool) -> str:
        """The name of the schema of a class, as it is read from a body or written as an answer. Raises `Unnamed`."""
        way = "answer" if answers else "body"
        if (kind, way) not in self._names:
            raise Unnamed(f"{kind} as {way}", "schemas.toml")
        return self._names[kind, way]

    def described(self, name: str, schema: Schema) -> Schema:
        """The schema of that name with its description. Raises `Unnamed`."""
        self._asked.add(name)
        if name not in self._schemas:
            raise Unnamed(name, "schemas.toml")
        return {"description": self._schemas[name]["description"], **schema}

    def dead(self) -> set[str]:
        """Rows of the tables that nothing asked for."""
        return (self._operations.keys() | self._schemas.keys()) - self._asked


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
