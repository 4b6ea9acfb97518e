"""The parameters of `make deploy`: from its options, and from the state of the account."""

import os
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from infra.build import runtime_of
from infra.deploy.stack import DeployFailed
from infra.deploy.stage import ROLL_BACK_FOR, Stage

ROOT = Path(__file__).parents[3]
PLAIN = "guestlist-blue-000000000000-eu-west-1"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ROLE = "arn:aws:iam::000000000000:role/somebody-elses"


class Account:
    """The clients of an account: its buckets, its role for logs, and the parameters of the stage, if it stands."""

    def __init__(self, buckets: Mapping[str, str], role: str = "", before: Mapping[str, str] | None = None) -> None:
        self.buckets = buckets
        self.role = role
        self.before = before
        self.mails = 14.0
        self.meta = SimpleNamespace(region_name="eu-west-1")

    def __call__(self, _service: str) -> Any:
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "000000000000"}

    def head_bucket(self, *, Bucket: str) -> None:  # noqa: N803 - AWS's name
        code = self.buckets.get(Bucket, "404")
        if code != "200":
            raise ClientError({"Error": {"Code": code}}, "HeadBucket")

    def get_account(self) -> dict[str, Any]:
        quota = {"SendQuota": {"MaxSendRate": self.mails}}
        return quota | ({"cloudwatchRoleArn": self.role} if self.role else {})

    def get_template(self, **_request: Any) -> dict[str, Any]:
        function = {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": "python3.9"}}
        return {"TemplateBody": {"Resources": {"Function": function}}}

    def describe_stacks(self, **_request: Any) -> dict[str, Any]:
        if self.before is None:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks")
        parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in self.before.items()]
        return {"Stacks": [{"Parameters": parameters}]}


def stage_parameters(packaged: Any, account: Account, **overrides: str) -> tuple[dict[str, str], str]:
    """The parameters of a stage, and the printed output."""
    output: list[str] = []
    stage = Stage(name="blue", client=account, store=cast("Any", None), say=output.append, now=lambda: NOW)
    parameters = {"Sender": "a@x.example", "SenderKnown": "yes", **overrides}
    account.before = account.before and {**account.before, "Sender": "a@x.example"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("infra.deploy.sender.is_known", lambda *_: True)
        return stage._completed(packaged, parameters), "\n".join(output)  # noqa: SLF001 - what is sent is not told otherwise


@pytest.mark.parametrize("code", ["200", "403"])
def test_a_deleted_stage_is_created_again_beside_its_retained_bucket(packaged: Any, code: str) -> None:
    parameters, output = stage_parameters(packaged, Account({PLAIN: code, f"{PLAIN}-2": code}))
    assert parameters["BucketSuffix"] == "-3"
    assert f"{PLAIN}-2 of a deleted stage" in output


def test_a_new_stage_has_the_plain_name(packaged: Any) -> None:
    assert stage_parameters(packaged, Account({}))[0]["BucketSuffix"] == ""


@pytest.mark.parametrize("suffix", ["", "-2"])
def test_an_existing_stage_keeps_its_bucket(packaged: Any, suffix: str) -> None:
    account = Account({PLAIN: "200"}, before={"BucketSuffix": suffix, "AccountLogging": "no"})
    assert stage_parameters(packaged, account)[0]["BucketSuffix"] == suffix


def test_a_stage_of_an_earlier_version_keeps_its_bucket(packaged: Any) -> None:
    assert stage_parameters(packaged, Account({PLAIN: "200"}, before={"Stage": "blue"}))[0]["BucketSuffix"] == ""


def test_a_deployment_without_a_free_bucket_name_fails_with_what_to_do(packaged: Any) -> None:
    bucket_statuses = dict.fromkeys([PLAIN, *(f"{PLAIN}-{number}" for number in range(2, 10))], "200")
    with pytest.raises(DeployFailed, match="delete one"):
        stage_parameters(packaged, Account(bucket_statuses))


@pytest.mark.parametrize(
    ("role", "overrides", "sets", "sentence"),
    [
        ("", {}, "yes", "set for the whole account"),
        (ROLE, {}, "no", f"stays what the account has: {ROLE}"),
        (ROLE, {"AccountLogging": "yes"}, "yes", f"in place of {ROLE}"),
        ("", {"AccountLogging": "no"}, "no", "none"),
    ],
    ids=["none yet", "somebody else's", "to be replaced", "to be left"],
)
def test_the_accounts_role_for_logs_is_replaced_only_on_request(
    packaged: Any, role: str, overrides: dict[str, str], sets: str, sentence: str
) -> None:
    parameters, output = stage_parameters(packaged, Account({}, role), **overrides)
    assert parameters["AccountLogging"] == sets
    assert sentence in output


def test_the_runtime_and_a_change_of_it_are_printed(packaged: Any) -> None:
    _, output = stage_parameters(packaged, Account({}))
    assert f"runtime {runtime_of(packaged)}\n" in output
    _, output = stage_parameters(packaged, Account({}, before={"Stage": "blue"}))
    assert f"runtime {runtime_of(packaged)}, which was python3.9 on x86_64" in output


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MAKE", "MFLAGS"))}


def test_make_leaves_the_region_to_the_profile() -> None:
    command = ["make", "-s", "--eval", "region: ; @echo [$$AWS_DEFAULT_REGION]", "region"]
    process = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "[]"


def test_make_deploy_passes_every_parameter_that_a_person_chooses(packaged: Any) -> None:
    chosen = {
        "SENDER": "a@x.example",
        "SENDER_DOMAIN": "y.example",
        "ALARMS": "b@x.example",
        "DOMAIN": "x.example",
        "CERTIFICATE": "arn:aws:acm:x",
        "ADDRESS": "https://api.x.example",
        "CHECK_CLIENT": "boto3",
        "FAST_READING": "off",
    }
    command = ["make", "-n", "-o", ".venv/installed", "deploy", "STAGE=blue", *map("=".join, chosen.items())]
    process = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    assert [value for value in chosen.values() if f"'{value}'" not in process.stdout] == []
    found_out = {"Stage", "SenderKnown", "BucketSuffix", "AccountLogging", "MailRate", "KeyedSince"}
    assert len(packaged["Parameters"].keys() - found_out) == len(chosen)


def test_each_deployment_sets_the_send_rate_of_ses(packaged: Any) -> None:
    account = Account({}, before={"Sender": "a@x.example", "MailRate": "1"})
    assert stage_parameters(packaged, account)[0]["MailRate"] == "14"


@pytest.mark.parametrize(
    ("before", "since"),
    [
        (None, NOW),
        ({"Stage": "blue"}, NOW + ROLL_BACK_FOR),
        ({"KeyedSince": ""}, NOW + ROLL_BACK_FOR),
        ({"KeyedSince": "2026-01-02T03:04:05+00:00"}, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ],
    ids=["a new stage", "of an earlier release", "never told", "told before"],
)
def test_lists_are_counted_under_keyed_digests_once_no_function_of_an_earlier_release_is_left(
    packaged: Any, before: dict[str, str] | None, since: datetime
) -> None:
    value = stage_parameters(packaged, Account({}, before=before))[0]["KeyedSince"]
    assert datetime.fromisoformat(value) == since
    assert re.fullmatch(packaged["Parameters"]["KeyedSince"]["AllowedPattern"], value)
