"""Look-ups in the plain template."""

from collections.abc import Iterator
from typing import Any

Resources = dict[str, dict[str, Any]]
FUNCTION_NAMES = [
    "APIHandler",
    "DeliverWebhooks",
    "Expiry",
    "ImportFiles",
    "NoteBounces",
    "Operator",
    "Resync",
    "RouteChanges",
    "SendMail",
    "SendWelcomes",
    "Watchdog",
]
"""The names of the functions of a stage in the template."""


def of_type(resources: Resources, kind: str) -> Resources:
    """The resources of one type, by logical id."""
    return {name: one for name, one in resources.items() if one["Type"] == kind}


def properties(resources: Resources, name: str) -> dict[str, Any]:
    """The properties of a resource."""
    resource_properties: dict[str, Any] = resources[name]["Properties"]
    return resource_properties


def listed(value: Any) -> list[Any]:
    """A value that may stand alone or in a list, in a list."""
    return value if isinstance(value, list) else [value]


def arn(name: str) -> dict[str, list[str]]:
    """The ARN of a resource as templates write it."""
    return {"Fn::GetAtt": [name, "Arn"]}


def functions(resources: Resources) -> list[str]:
    """The logical ids of all functions."""
    return sorted(of_type(resources, "AWS::Lambda::Function"))


def variables(text: str) -> Iterator[str]:
    """The names in a substitution."""
    for part in text.split("${")[1:]:
        yield part.partition("}")[0]
