"""A CloudFormation stack: a change set, and its execution, step by step."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

Say = Callable[[str], None]

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_UNCHANGED = ("didn't contain changes", "No updates are to be performed")
_FOLLOWED_FROM = ("Resource creation cancelled", "Resource update cancelled")
_SURE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
# A failed creation or one that was only previewed: it serves nobody, and must be deleted before another one.
_REMAINS = {"ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"}
_MAX_CAUSES = 3
_STACK = "AWS::CloudFormation::Stack"


class DeployFailed(Exception):
    """The stage could not be deployed; the message says why, and the stage's present state."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change to one resource. `replaced` is True, False or Conditional, as in CloudFormation."""

    action: str
    resource: str
    kind: str
    replaced: str = "False"

    @property
    def loses(self) -> bool:
        """Whether the present resource would be orphaned or deleted."""
        return self.action == "Remove" or self.replaced == "True"

    def __str__(self) -> str:
        how = f"{self.action}, replaced" if self.action == "Modify" and self.replaced == "True" else self.action
        return f"{how:<17} {self.resource:<28} {self.kind}"


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A change set that CloudFormation has created and can execute."""

    arn: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack by its name, which may not exist yet. `pause` is the polling interval in seconds."""

    name: str
    cloudformation: Any
    pause: float = 3.0

    def describe(self) -> Mapping[str, Any] | None:
        """CloudFormation's description of the stack; None if it does not exist."""
        try:
            description: Mapping[str, Any] = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return description

    def template(self) -> Mapping[str, Any]:
        """The original template of the stack's last update."""
        answer = self.cloudformation.get_template(StackName=self.name, TemplateStage="Original")
        body: Mapping[str, Any] = answer["TemplateBody"]
        return body

    def clear(self, say: Say) -> Mapping[str, Any] | None:
        """Delete the remains of a failed creation; returns the stack's description. Raises `DeployFailed` if busy."""
        description = self.describe()
        status = description["StackStatus"] if description else ""
        if status in _REMAINS:
            say(f"removing what a creation that failed has left ({status})")
            self.remove()
            return None
        if status.endswith("IN_PROGRESS"):
            raise DeployFailed(f"{self.name} is being changed by somebody else ({status}); wait until that has ended")
        if status.endswith("ROLLBACK_FAILED"):
            raise DeployFailed(f"{self.name} is {status}. {_outcome_of(status, self.name)}")
        return description

    def remove(self) -> None:
        """Delete the stack, and wait until it is deleted. Raises `DeployFailed` if that fails."""
        self.cloudformation.delete_stack(StackName=self.name)
        while description := self.describe():
            if description["StackStatus"] == "DELETE_FAILED":
                raise DeployFailed(f"{self.name} cannot be removed: {description.get('StackStatusReason', '')}")
            time.sleep(self.pause)

    def propose(self, template: str, parameters: Mapping[str, str], *, new: bool) -> ChangeSet | None:
        """The change set of the template at this address; None if nothing changes. Raises `DeployFailed`."""
        arn = self.cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=f"release-{uuid4().hex}",
            ChangeSetType="CREATE" if new else "UPDATE",
            TemplateURL=template,
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
            Capabilities=_CAPABILITIES,
        )["Id"]
        change_set = self._worked_out(arn)
        if change_set["Status"] == "CREATE_COMPLETE":
            return ChangeSet(arn, tuple(self._changes(arn)))
        self.leave(arn, new=new)
        reason = change_set.get("StatusReason", "")
        if any(words in reason for words in _UNCHANGED):
            return None
        raise DeployFailed(f"CloudFormation does not take the template: {reason}")

    def leave(self, change_set: str, *, new: bool) -> None:
        """Delete the change set, and the empty stack if it would have created it."""
        self.cloudformation.delete_change_set(ChangeSetName=change_set)
        if new:
            self.remove()

    def carry_out(self, change_set: ChangeSet, say: Say) -> Mapping[str, str]:
        """Execute the change set, reporting each step, and return the stack's outputs. Raises `DeployFailed`."""
        token = uuid4().hex
        self.cloudformation.execute_change_set(ChangeSetName=change_set.arn, ClientRequestToken=token)
        status = self._follow(token, say)
        if status not in _SURE:
            lines = ["the change failed:", *self._causes(token), _outcome_of(status, self.name)]
            raise DeployFailed("\n".join(lines))
        return self.outputs()

    def outputs(self) -> Mapping[str, str]:
        """The outputs of the stack; empty if it does not exist."""
        description = self.describe() or {}
        return {one["OutputKey"]: one["OutputValue"] for one in description.get("Outputs", [])}

    def _worked_out(self, arn: str) -> Mapping[str, Any]:
        while True:
            change_set: Mapping[str, Any] = self.cloudformation.describe_change_set(ChangeSetName=arn)
            if change_set["Status"] in {"CREATE_COMPLETE", "FAILED"}:
                return change_set
            time.sleep(self.pause)

    def _changes(self, arn: str) -> Iterator[Change]:
        pages = self.cloudformation.get_paginator("describe_change_set").paginate(ChangeSetName=arn)
        for one in (change["ResourceChange"] for page in pages for change in page["Changes"]):
            yield Change(one["Action"], one["LogicalResourceId"], one["ResourceType"], one.get("Replacement", "False"))

    def _follow(self, token: str, say: Say) -> str:
        """Report each resource when it is finished, until the stack is, and return its final status."""
        reported: set[str] = set()
        while True:
            for event in reversed(self._events(token)):
                status: str = event["ResourceStatus"]
                if status.endswith("IN_PROGRESS") or event["EventId"] in reported:
                    continue
                if event["ResourceType"] == _STACK:
                    return status
                reported.add(event["EventId"])
                say(f"{status:<17} {event['LogicalResourceId']}")
            time.sleep(self.pause)

    def _causes(self, token: str) -> list[str]:
        """The resources that failed themselves, first failure first, not those cancelled because of them."""
        failed = [one for one in self._events(token) if one["ResourceStatus"].endswith("FAILED")]
        reasons = [(one["LogicalResourceId"], one.get("ResourceStatusReason", "")) for one in reversed(failed)]
        return [f"  {name}: {why}" for name, why in reasons if not why.startswith(_FOLLOWED_FROM)][:_MAX_CAUSES]

    def _events(self, token: str) -> list[Mapping[str, Any]]:
        """The events of one execution, newest first."""
        pages = self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=self.name)
        events = []
        for event in (one for page in pages for one in page["StackEvents"]):
            if event.get("ClientRequestToken") == token:
                events.append(event)
            elif events:
                break
        return events


def _outcome_of(status: str, name: str) -> str:
    if status.endswith("ROLLBACK_FAILED"):
        way = "aws cloudformation continue-update-rollback" if "UPDATE" in status else "aws cloudformation delete-stack"
        return f"CloudFormation could not roll back ({status}): fix what it names, then `{way} --stack-name {name}`."
    if "UPDATE" in status:
        return f"CloudFormation rolled back ({status}): the stage is what it was before."
    return f"CloudFormation rolled back ({status}): nothing of the stage is left; the next deployment starts again."
