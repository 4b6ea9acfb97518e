"""Policies where the engine enforces them: what it asks otherwise than AWS does."""

import json
from collections.abc import Mapping, Sequence

from infra.local.deploy import STACK, Client

ASKED_BY_THE_ENGINE = "AskedByTheEngine"
# AWS asks whether a role may send from that address; the engine, whether it may send from any.
_MAIL = "ses:SendEmail"
# AWS asks for dynamodb:PartiQLInsert; the engine for the name of the call, which is no action of AWS's.
_INSERT = "dynamodb:BatchExecuteStatement"
# AWS asks for sqs:SendMessage, for one as for a batch.
_BATCH = "sqs:SendMessageBatch"
_ASKED: Mapping[str, Sequence[str]] = {
    "SendMailRole": [_MAIL],
    "SendWelcomesRole": [_MAIL],
    "RouteChangesRole": [_BATCH],
    "WatchdogRole": [_MAIL, _BATCH],
    "ImportFilesRole": [_INSERT],
}


def allow_what_the_engine_asks(client: Client) -> None:
    """Give each role, beside its own policy, what AWS would not ask for."""
    for name, actions in _ASKED.items():
        resource = client("cloudformation").describe_stack_resource(StackName=STACK, LogicalResourceId=name)
        role = resource["StackResourceDetail"]["PhysicalResourceId"]
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        client("iam").put_role_policy(RoleName=role, PolicyName=ASKED_BY_THE_ENGINE, PolicyDocument=policy)
