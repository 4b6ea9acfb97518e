"""Conditions on a write, said in words.

A condition compares attributes with values and never computes: one of the local engines would
accept arithmetic here, which DynamoDB refuses, so a limit is written `taken <= :most`.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression over `#name` and `:value` placeholders, which are unique by their own names."""

    expression: str
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def __and__(self, other: "Condition") -> "Condition":
        """Both."""
        return self._joined("AND", other)

    def __or__(self, other: "Condition") -> "Condition":
        """At least one of the two."""
        return self._joined("OR", other)

    def _joined(self, word: str, other: "Condition") -> "Condition":
        return Condition(
            f"({self.expression}) {word} ({other.expression})",
            {**self.names, **other.names},
            {**self.values, **other.values},
        )


def _compare(attribute: str, sign: str, value: Any) -> Condition:
    name, placeholder = f"#c_{attribute}", f":c_{attribute}_{'lgen'['<>=≠'.index(sign[0])]}"
    operator = "<>" if sign == "≠" else sign
    return Condition(f"{name} {operator} {placeholder}", {name: attribute}, {placeholder: value})


def absent(attribute: str = "pk") -> Condition:
    """The attribute is not there; by default, the whole item."""
    return Condition(f"attribute_not_exists(#c_{attribute})", {f"#c_{attribute}": attribute})


def present(attribute: str = "pk") -> Condition:
    """The attribute is there; by default, the item."""
    return Condition(f"attribute_exists(#c_{attribute})", {f"#c_{attribute}": attribute})


def equals(attribute: str, value: Any) -> Condition:
    """The attribute has this value."""
    return _compare(attribute, "=", value)


def differs(attribute: str, value: Any) -> Condition:
    """The attribute has another value, or none."""
    return _compare(attribute, "≠", value)


def at_most(attribute: str, value: Any) -> Condition:
    """The attribute is this value or less."""
    return _compare(attribute, "<=", value)


def before(attribute: str, value: Any) -> Condition:
    """The attribute is less than this value."""
    return _compare(attribute, "<", value)


def one_of(attribute: str, values: list[Any]) -> Condition:
    """The attribute has one of these values."""
    name = f"#c_{attribute}"
    placeholders = {f":c_{attribute}_{i}": value for i, value in enumerate(values)}
    return Condition(f"{name} IN ({', '.join(placeholders)})", {name: attribute}, placeholders)
