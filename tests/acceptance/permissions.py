"""Permissions of each function compared with its calls: none missing, none unused.

The stack notes every kind of call that a function makes (`infra/local/calls.py`). What its role grants is read
from the stack as it was deployed. Both are told in logical names, so that several stacks can be put together.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from infra.local.deploy import STACK
from infra.local.engine import CALLS
from infra.local.policies import ASKED_BY_THE_ENGINE
from tests.acceptance.stacks import Stack

TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/Table"
QUEUE = "arn:aws:sqs:eu-west-1:000000000000:"
LEADING = "dynamodb:LeadingKeys"

# What is granted although no test can have a function ask for it: role, action and resource (patterns), and why.
UNSEEN: Mapping[tuple[str, str, str], str] = {
    ("*", "logs:CreateLogStream", "*"): "Lambda writes the function's log in the name of its role",
    ("*", "logs:PutLogEvents", "*"): "the same",
    ("*", "xray:PutTraceSegments", "*"): "Lambda writes the service's segment of a trace",
    ("*", "xray:PutTelemetryRecords", "*"): "the same",
    ("ImportFilesRole", "sqs:ReceiveMessage", f"{QUEUE}Uploads"): "Lambda takes messages from the queue for it",
    ("ImportFilesRole", "sqs:DeleteMessage", f"{QUEUE}Uploads"): "the same",
    ("ImportFilesRole", "sqs:GetQueueAttributes", f"{QUEUE}Uploads"): "the same",
    ("SendMailRole", "dynamodb:DescribeStream", f"{TABLE}/stream/*"): "Lambda reads the table's stream for it",
    ("SendMailRole", "dynamodb:GetRecords", f"{TABLE}/stream/*"): "the same",
    ("SendMailRole", "dynamodb:GetShardIterator", f"{TABLE}/stream/*"): "the same",
    ("SendMailRole", "dynamodb:ListStreams", f"{TABLE}/stream/*"): "the same",
    ("SendWelcomesRole", "sqs:ReceiveMessage", f"{QUEUE}Welcomes"): "Lambda takes messages from the queue for it",
    ("SendWelcomesRole", "sqs:DeleteMessage", f"{QUEUE}Welcomes"): "the same",
    ("SendWelcomesRole", "sqs:GetQueueAttributes", f"{QUEUE}Welcomes"): "the same",
    ("SendMailRole", "sqs:SendMessage", f"{QUEUE}MailDeadLetters"): "Lambda puts there what failed for good",
    ("RouteChangesRole", "dynamodb:DescribeStream", f"{TABLE}/stream/*"): "Lambda reads the table's stream for it",
    ("RouteChangesRole", "dynamodb:GetRecords", f"{TABLE}/stream/*"): "the same",
    ("RouteChangesRole", "dynamodb:GetShardIterator", f"{TABLE}/stream/*"): "the same",
    ("RouteChangesRole", "dynamodb:ListStreams", f"{TABLE}/stream/*"): "the same",
    ("RouteChangesRole", "sqs:SendMessage", f"{QUEUE}WebhooksDeadLetters"): "Lambda puts there what failed for good",
    ("DeliverWebhooksRole", "sqs:ReceiveMessage", f"{QUEUE}Webhooks"): "Lambda takes messages from the queue for it",
    ("DeliverWebhooksRole", "sqs:DeleteMessage", f"{QUEUE}Webhooks"): "the same",
    ("DeliverWebhooksRole", "sqs:GetQueueAttributes", f"{QUEUE}Webhooks"): "the same",
    ("NoteBouncesRole", "sqs:SendMessage", f"{QUEUE}MailDeadLetters"): "the same",
    ("ResyncRole", "sqs:SendMessage", f"{QUEUE}TimersDeadLetters"): "the same",
    ("ExpiryRole", "sqs:SendMessage", f"{QUEUE}TimersDeadLetters"): "the same",
    ("WatchdogRole", "sqs:SendMessage", f"{QUEUE}TimersDeadLetters"): "the same",
    ("ImportFilesRole", "dynamodb:ConditionCheckItem", TABLE): "a buyer is erased just when their purchase is imported",
    ("WatchdogRole", "dynamodb:ConditionCheckItem", TABLE): "a buyer is erased just when their purchase is taken back",
    (
        "ImportFilesRole",
        "s3:PutObject",
        "arn:aws:s3:::Bucket/snapshots/*",
    ): "it makes the snapshots of events with more than 100,000 tickets",
    (
        "ImportFilesRole",
        "s3:ListBucket",
        "arn:aws:s3:::Bucket",
    ): "S3 tells who may list, and no other, that a file is gone",
}
# The engine's names of calls that AWS knows by others.
_SAME = {"dynamodb:BatchExecuteStatement": "dynamodb:PartiQLInsert", "sqs:SendMessageBatch": "sqs:SendMessage"}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role's permission for an action on a resource; with `keys`, only for items whose partition key matches one."""

    role: str
    action: str
    resource: str
    keys: tuple[str, ...] = ()

    def allows(self, call: "Call") -> bool:
        """Whether it allows that call."""
        return (
            (call.role, call.action) == (self.role, self.action)
            # Where the engine names no resource, AWS asks for the only one that there is.
            and (call.resource == "*" or fnmatchcase(call.resource, self.resource))
            and all(any(fnmatchcase(key, one) for one in self.keys) for key in call.keys if self.keys)
        )

    @property
    def is_excused(self) -> bool:
        """Whether no test can use it."""
        permission = (self.role, self.action, self.resource)
        return any(all(map(fnmatchcase, permission, pattern)) for pattern in UNSEEN)


@dataclass(frozen=True, slots=True)
class Call:
    """A kind of call that a function made; `keys` are the kinds of partition keys that it named."""

    role: str
    action: str
    resource: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """The permissions of the functions of one or several stacks, and their calls."""

    grants: set[Grant] = field(default_factory=set)
    calls: set[Call] = field(default_factory=set)

    def __or__(self, other: "Record") -> "Record":
        """Both together."""
        return Record(self.grants | other.grants, self.calls | other.calls)

    def missing(self) -> list[Call]:
        """Calls that no policy allows."""
        return _sorted(call for call in self.calls if not any(grant.allows(call) for grant in self.grants))

    def spare(self) -> list[Grant]:
        """Allowed actions that were never called."""
        return _sorted(
            grant
            for grant in self.grants
            if not grant.is_excused and not any(grant.allows(call) for call in self.calls)
        )

    def unneeded_excuses(self) -> list[tuple[str, str, str]]:
        """Rows of `UNSEEN` that match no grant."""
        return [one for one in UNSEEN if not any(_like(grant, one) for grant in self.grants)]

    def to_json(self) -> Any:
        """The record as values of JSON."""
        return {
            "grants": [[one.role, one.action, one.resource, one.keys] for one in self.grants],
            "calls": [[one.role, one.action, one.resource, one.keys] for one in self.calls],
        }


def record_from_json(content: Any) -> Record:
    """Read a record from what `Record.to_json` returned."""
    grants = {Grant(*three, tuple(keys)) for *three, keys in content["grants"]}
    return Record(grants, {Call(*three, tuple(keys)) for *three, keys in content["calls"]})


def read_record(stack: Stack, state: Path) -> Record:
    """Read what the functions of a stack may do, and what they have done so far."""
    names = _Names(stack.aws("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"])
    lines = (state / CALLS).read_text(encoding="utf-8").splitlines()
    return Record(set(_grants(stack.aws("iam"), names)), {_call(json.loads(line), names) for line in lines})


def _grants(iam: Any, names: "_Names") -> Iterator[Grant]:
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            if policy != ASKED_BY_THE_ENGINE:
                document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
                yield from grants_of(names.logical(name), document, names)


def grants_of(role: str, document: Mapping[str, Any], names: "_Names | None" = None) -> Iterator[Grant]:
    """Every pair of an action and a resource that a policy allows."""
    for statement in document["Statement"]:
        keys = tuple(statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get(LEADING, ()))
        for action in _as_list(statement["Action"]):
            for resource in _as_list(statement["Resource"]):
                yield Grant(role, action, names.logical(resource) if names else resource, keys)


def _call(line: Mapping[str, Any], names: "_Names") -> Call:
    action = _SAME.get(line["action"], line["action"])
    return Call(names.logical(line["role"]), action, names.logical(line["resource"]), tuple(line["keys"]))


class _Names:
    """The names that the resources of a stack have there, and those that the template calls them by."""

    def __init__(self, resources: Iterable[Mapping[str, Any]]) -> None:
        logical_names = {one["PhysicalResourceId"].rpartition("/")[2]: one["LogicalResourceId"] for one in resources}
        self._logical = logical_names
        longest_first = sorted(logical_names, key=len, reverse=True)
        self._any = re.compile("|".join(rf"(?<![\w-]){re.escape(name)}(?![\w-])" for name in longest_first))

    def logical(self, name: str) -> str:
        """The name, or ARN, as the template would call it."""
        return self._any.sub(lambda match: self._logical[match[0]], name)


def _like(grant: Grant, pattern: tuple[str, str, str]) -> bool:
    return all(map(fnmatchcase, (grant.role, grant.action, grant.resource), pattern))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _sorted(things: Iterable[Any]) -> list[Any]:
    return sorted(things, key=str)
