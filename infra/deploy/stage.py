"""A stage: deploy a release, roll back to the former one, or preview the changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from guestlist.model import clock
from infra.build import runtime_of
from infra.deploy import sender
from infra.deploy.stack import ChangeSet, DeployFailed, Say, Stack
from infra.deploy.store import Release, Store, digest_of
from infra.template import Template

# Resources with data, which a change must never orphan or replace.
STATEFUL_RESOURCES = frozenset({"Table", "Bucket", "Uploads"})
ROLL_BACK_FOR = timedelta(days=1)
"""The time after an upgrade in which it may be rolled back to a release that reads no counters under keyed digests."""

Client = Callable[[str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An installation by its name, in an account."""

    name: str
    client: Client
    store: Store
    say: Say
    pause: float = 3.0
    now: Callable[[], datetime] = clock.machine
    stack: Stack = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stack", Stack(f"guestlist-{self.name}", self.client("cloudformation"), self.pause))

    def deploy(self, template: Template, build: Path, overrides: Mapping[str, str]) -> Mapping[str, str]:
        """Deploy what was packaged, and return the outputs. Raises `DeployFailed`.

        Other parameters keep their values, or get the template's defaults.
        """
        release = self._release(template, build, overrides)
        outputs = self._apply(release)
        if release not in self._releases()[-1:]:
            self.store.save_releases(self.name, [*self._releases(), release])
        return outputs

    def show(self, template: Template, build: Path, overrides: Mapping[str, str]) -> None:
        """Print what deploying would change, and change nothing. Raises `DeployFailed`."""
        release = self._release(template, build, overrides)
        new = self.stack.clear(self.say) is None
        proposed = self._proposed(release, new=new)
        if proposed:
            self.stack.leave(proposed.arn, new=new)

    def roll_back(self) -> Mapping[str, str]:
        """Deploy the release before the current one, and return the outputs. Raises `DeployFailed`.

        Running it again goes back by one more.
        """
        if self.stack.clear(self.say) is None:
            raise DeployFailed(f"there is no stage {self.name} to roll back")
        before = self._before(self.current())
        if not before:
            raise DeployFailed(f"nothing is known of what {self.name} was before")
        outputs = self._apply(before[-1])
        self.store.save_releases(self.name, before)
        return outputs

    def current(self) -> Release:
        """The current release, as CloudFormation describes it."""
        return Release(digest_of(self.stack.template()), parameters(self.stack.describe()))

    def _release(self, template: Template, build: Path, overrides: Mapping[str, str]) -> Release:
        """The release to deploy, with everything it needs in the store."""
        digest = self.store.upload_template(self.store.upload(template, build))
        return Release(digest, self._completed(template, overrides))

    def _completed(self, template: Template, overrides: Mapping[str, str]) -> dict[str, str]:
        """A value for each of the template's parameters. Raises `DeployFailed` for a missing one."""
        before = parameters(self.stack.describe())
        self._say_runtime(template, exists=bool(before))
        defaults = {name: one["Default"] for name, one in template["Parameters"].items() if "Default" in one}
        completed = {**defaults, **before, **overrides, "Stage": self.name}
        missing = template["Parameters"].keys() - completed.keys()
        if missing:
            raise DeployFailed(f"a new stage needs: {', '.join(sorted(missing))}")
        if any(completed[name] != before.get(name, defaults.get(name)) for name in ("Sender", "SenderDomain")):
            identity = completed["SenderDomain"] or completed["Sender"]
            completed["SenderKnown"] = "yes" if sender.is_known(self.client("sesv2"), identity) else "no"
        completed["MailRate"] = sender.rate(self.client("sesv2"))
        if not before.get("KeyedSince"):
            completed["KeyedSince"] = self._keyed_since(exists=bool(before))
        if not before:
            completed["BucketSuffix"] = self._bucket_suffix()
        if "AccountLogging" not in {**before, **overrides}:
            completed["AccountLogging"] = "no" if self._logging_role() else "yes"
        if completed["AccountLogging"] != before.get("AccountLogging"):
            self._say_logging(completed["AccountLogging"])
        return {name: completed[name] for name in sorted(template["Parameters"])}

    def _keyed_since(self, *, exists: bool) -> str:
        """From when on new lists are counted under keyed digests, which no function of an earlier release can read.

        While a deployment replaces functions one after another the former ones still run, and come back if it fails.
        """
        since = self.now() + (ROLL_BACK_FOR if exists else timedelta())
        return since.isoformat(timespec="seconds")

    def _say_runtime(self, template: Template, *, exists: bool) -> None:
        """Report the runtime: this machine's Python version, which may differ from the last deployment's."""
        before = runtime_of(dict(self.stack.template())) if exists else ""
        now = runtime_of(template)
        self.say(f"runtime {now}{f', which was {before}' if before not in {'', now} else ''}")

    def _logging_role(self) -> str:
        """The role with which API Gateway writes the account's logs in this region; empty if it has none."""
        return str(self.client("apigateway").get_account().get("cloudwatchRoleArn") or "")

    def _say_logging(self, sets: str) -> None:
        role = self._logging_role()
        if sets == "yes":
            instead = f" in place of {role}" if role else ""
            self.say(f"API Gateway's role for logs is set for the whole account and region{instead}")
        else:
            self.say(f"API Gateway's role for logs stays what the account has: {role or 'none'}")

    def _bucket_suffix(self) -> str:
        """A suffix for the bucket, whose name a deleted stage may have taken. Raises `DeployFailed`."""
        account = self.client("sts").get_caller_identity()["Account"]
        s3 = self.client("s3")
        plain = f"guestlist-{self.name}-{account}-{s3.meta.region_name}"
        suffixes = ["", *(f"-{number}" for number in range(2, 10))]
        for suffix in suffixes:
            try:
                s3.head_bucket(Bucket=plain + suffix)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in {"404", "NoSuchBucket"}:
                    return suffix
                if error.response.get("Error", {}).get("Code") not in {"403", "AccessDenied"}:
                    raise
            self.say(f"the bucket {plain}{suffix} of a deleted stage stays as it is; the new one gets another name")
        raise DeployFailed(f"buckets of deleted stages have all names: {plain} to {plain}{suffixes[-1]}; delete one")

    def _apply(self, release: Release) -> Mapping[str, str]:
        new = self.stack.clear(self.say) is None
        proposed = self._proposed(release, new=new)
        return self.stack.carry_out(proposed, self.say) if proposed else self.stack.outputs()

    def _proposed(self, release: Release, *, new: bool) -> ChangeSet | None:
        """The change set, reported; None if nothing changes. Raises `DeployFailed` if it would lose data."""
        proposed = self.stack.propose(self.store.address(release.template), release.parameters, new=new)
        if proposed is None:
            self.say("nothing to change")
            return None
        for change in proposed.changes:
            self.say(str(change))
        lost_resources = [
            change.resource for change in proposed.changes if change.loses and change.resource in STATEFUL_RESOURCES
        ]
        if lost_resources:
            self.stack.leave(proposed.arn, new=new)
            raise DeployFailed(
                f"refused: this would make a new one of what keeps the data: {', '.join(lost_resources)}"
            )
        return proposed

    def _releases(self) -> Sequence[Release]:
        return self.store.releases(self.name)

    def _before(self, current: Release) -> Sequence[Release]:
        """The releases before the current one, without one whose deployment was interrupted."""
        releases = self._releases()
        return releases[:-1] if releases and releases[-1] == current else releases


def parameters(stack: Mapping[str, Any] | None) -> dict[str, str]:
    """The parameters in a stack's description; none without a stack."""
    return {one["ParameterKey"]: one["ParameterValue"] for one in (stack or {}).get("Parameters", [])}
