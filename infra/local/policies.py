"""Additions to policies for the engine, where it checks other permissions than AWS does."""

import json
from collections.abc import Mapping, Sequence

from infra.local.deploy import STACK, Client

ASKED_BY_THE_ENGINE = "AskedByTheEngine"
# AWS checks sending from that address; the engine, sending from any.
_MAIL = "ses:SendEmail"
# AWS checks dynamodb:PartiQLInsert; the engine checks the name of the call, which is no action of AWS's.
_INSERT = "dynamodb:BatchExecuteStatement"
# AWS checks sqs:SendMessage, also for a batch.
_BATCH = "sqs:SendMessageBatch"
_ENGINE_ACTIONS: Mapping[str, Sequence[str]] = {
    "SendMailRole": [_MAIL],
    "SendWelcomesRole": [_MAIL],
    "RouteChangesRole": [_BATCH],
    "WatchdogRole": [_MAIL, _BATCH],
    "ImportFilesRole": [_INSERT],
}


def allow_what_the_engine_asks(client: Client) -> None:
    """Add the permissions to each role that the engine checks and AWS does not."""
    for name, actions in _ENGINE_ACTIONS.items():
        resource = client("cloudformation").describe_stack_resource(StackName=STACK, LogicalResourceId=name)
        role = resource["StackResourceDetail"]["PhysicalResourceId"]
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        client("iam").put_role_policy(RoleName=role, PolicyName=ASKED_BY_THE_ENGINE, PolicyDocument=policy)
