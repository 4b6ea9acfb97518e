"""DynamoDB's expressions as far as this project writes them; anything else is refused as DynamoDB refuses nonsense."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

Item = dict[str, Any]
Holds = Callable[[Mapping[str, Any], Mapping[str, str], Mapping[str, Any]], bool]
_TOKEN = re.compile(r"\s*(<=|>=|<>|[<>=(),]|[#:]?[A-Za-z_0-9]+)")
_CLAUSE = re.compile(r"\b(SET|ADD|REMOVE)\b")


class Malformed(Exception):
    """The expression is none that this model knows."""


class Parsed(NamedTuple):
    """A condition and the tokens behind it."""

    holds: Holds
    rest: list[str]


@lru_cache(maxsize=4096)
def condition(text: str) -> Holds:
    """Whether an item, which may be empty, meets the condition, given names and values."""
    parsed = _either(_TOKEN.findall(text))
    if parsed.rest:
        raise Malformed(text)
    return parsed.holds


def _either(tokens: list[str]) -> Parsed:
    first = _both(tokens)
    if first.rest[:1] != ["OR"]:
        return first
    other = _either(first.rest[1:])
    return Parsed(lambda *of: first.holds(*of) or other.holds(*of), other.rest)


def _both(tokens: list[str]) -> Parsed:
    first = _one(tokens)
    if first.rest[:1] != ["AND"]:
        return first
    other = _both(first.rest[1:])
    return Parsed(lambda *of: first.holds(*of) and other.holds(*of), other.rest)


def _one(tokens: list[str]) -> Parsed:  # noqa: PLR0911 - a case for each form
    match tokens:
        case ["(", *inner]:
            within = _either(inner)
            return Parsed(within.holds, _after(within.rest, ")"))
        case ["attribute_exists", "(", name, ")", *rest]:
            return Parsed(lambda item, names, _: names[name] in item, rest)
        case ["attribute_not_exists", "(", name, ")", *rest]:
            return Parsed(lambda item, names, _: names[name] not in item, rest)
        case ["begins_with", "(", name, ",", value, ")", *rest]:
            return Parsed(lambda item, names, values: item[names[name]]["S"].startswith(values[value]["S"]), rest)
        case [name, "BETWEEN", low, "AND", high, *rest]:
            return Parsed(
                lambda item, names, values: values[low]["S"] <= item[names[name]]["S"] <= values[high]["S"], rest
            )
        case [name, "IN", "(", *rest]:
            end = rest.index(")")
            choices = rest[:end:2]
            return Parsed(
                lambda item, names, values: any(item.get(names[name]) == values[one] for one in choices),
                rest[end + 1 :],
            )
        case [name, ("=" | "<>" | "<" | "<=" | ">" | ">=") as sign, value, *rest]:
            return Parsed(lambda item, names, values: _compare(item.get(names[name]), sign, values[value]), rest)
    raise Malformed(" ".join(tokens))


def _after(tokens: list[str], token: str) -> list[str]:
    if tokens[:1] != [token]:
        raise Malformed(" ".join(tokens))
    return tokens[1:]


def _compare(actual: Any, sign: str, expected: Any) -> bool:
    if sign == "=":
        return actual is not None and _plain(actual) == _plain(expected)
    if sign == "<>":
        return actual is None or _plain(actual) != _plain(expected)
    if actual is None or actual.keys() != expected.keys():
        return False
    here, there = _plain(actual)[1], _plain(expected)[1]
    return {"<": here < there, "<=": here <= there, ">": here > there, ">=": here >= there}[sign]


def _plain(typed: Any) -> tuple[str, Any]:
    ((kind, value),) = typed.items()
    return kind, float(value) if kind == "N" else value


def updated(item: Mapping[str, Any], text: str, names: Mapping[str, str], values: Mapping[str, Any]) -> Item:
    """The item after an update expression."""
    after = dict(item)
    parts = _CLAUSE.split(text)
    for word, terms in zip(parts[1::2], parts[2::2], strict=True):
        for term in terms.split(","):
            if word == "SET":
                name, value = (one.strip() for one in term.split("="))
                after[names[name]] = values[value]
            elif word == "ADD":
                name, value = term.split()
                before = int(after.get(names[name], {"N": "0"})["N"])
                after[names[name]] = {"N": str(before + int(values[value]["N"]))}
            else:
                after.pop(names[term.strip()], None)
    return after
