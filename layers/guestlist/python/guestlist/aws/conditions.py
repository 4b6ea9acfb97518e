"""Condition expressions for writes.

A condition compares attributes with values and never computes: one of the local engines accepts
arithmetic here, which DynamoDB refuses, so a limit is written `taken <= :most`.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression with its `#name` and `:value` placeholders, each named after its attribute."""

    expression: str
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def __and__(self, other: "Condition") -> "Condition":
        """The condition that both hold."""
        return self._joined("AND", other)

    def __or__(self, other: "Condition") -> "Condition":
        """The condition that at least one of them holds."""
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
    """The attribute does not exist; by default, the item does not."""
    return Condition(f"attribute_not_exists(#c_{attribute})", {f"#c_{attribute}": attribute})


def present(attribute: str = "pk") -> Condition:
    """The attribute exists; by default, the item does."""
    return Condition(f"attribute_exists(#c_{attribute})", {f"#c_{attribute}": attribute})


def equals(attribute: str, value: Any) -> Condition:
    """The attribute equals the value."""
    return _compare(attribute, "=", value)


def differs(attribute: str, value: Any) -> Condition:
    """The attribute has another value or does not exist."""
    return _compare(attribute, "≠", value)


def at_most(attribute: str, value: Any) -> Condition:
    """The attribute is less than or equal to the value."""
    return _compare(attribute, "<=", value)


def before(attribute: str, value: Any) -> Condition:
    """The attribute is less than the value."""
    return _compare(attribute, "<", value)


def one_of(attribute: str, values: list[Any]) -> Condition:
    """The attribute equals one of the values."""
    name = f"#c_{attribute}"
    placeholders = {f":c_{attribute}_{i}": value for i, value in enumerate(values)}
    return Condition(f"{name} IN ({', '.join(placeholders)})", {name: attribute}, placeholders)
