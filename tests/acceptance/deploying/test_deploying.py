"""`make deploy` on an engine: made, changed, refused, and gone back with."""

import json
import subprocess
import sys
import zipfile
from typing import Any

import pytest

from infra.build import ROOT
from infra.deploy.smoke import smoke
from infra.deploy.stack import DeployFailed
from infra.deploy.stage import Stage
from tests.acceptance.client import a_name
from tests.acceptance.deploying.places import REGION, SENDER, Place, gateway

NOT_A_QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"RedrivePolicy": {"deadLetterTargetArn": "nothing"}}}


def test_a_stage_that_stands_passes_the_smoke_test(standing: Place, address: str) -> None:
    outputs = standing.stage.stack.outputs()
    found = dict(smoke(gateway(address, outputs), standing.stage.client("lambda"), outputs["WatchdogFunction"], 0.1))
    assert len(found) == 4
    assert set(found.values()) == {""}


def test_a_dry_run_says_what_would_be_made_and_leaves_nothing(place: Place) -> None:
    place.stage.show(place.template, place.build, SENDER)
    assert any(line.split() == ["Add", "Table", "AWS::DynamoDB::Table"] for line in place.output)
    assert place.stage.stack.describe() is None


def test_a_dry_run_over_a_stage_leaves_it_as_it_is(standing: Place) -> None:
    before = standing.stage.stack.describe()
    standing.timeout(11)
    standing.stage.show(standing.template, standing.build, {})
    assert any(line.split()[:2] == ["Modify", "APIHandler"] for line in standing.output)
    assert standing.stage.stack.describe() == before


def test_what_has_not_changed_is_left_alone(standing: Place) -> None:
    before = standing.stage.stack.describe()
    assert standing.deploy() == standing.stage.stack.outputs()
    runtime, *rest = standing.output
    assert runtime.startswith("runtime python3.")
    assert rest == ["nothing to change"]
    assert standing.stage.stack.describe() == before


def test_the_same_artefact_is_uploaded_once(standing: Place) -> None:
    def stored() -> dict[str, Any]:
        listed = standing.stage.client("s3").list_objects_v2(Bucket=standing.stage.store.bucket)["Contents"]
        return {one["Key"]: one["LastModified"] for one in listed if not one["Key"].startswith("stages/")}

    before = stored()
    standing.deploy()
    assert stored() == before


def test_what_is_not_said_again_stays_as_it_was(standing: Place) -> None:
    standing.deploy(AlarmAddress="on-call@hall.example")
    standing.timeout(11)
    standing.deploy()
    parameters = standing.stage.current().parameters
    assert (parameters["Sender"], parameters["AlarmAddress"]) == (SENDER["Sender"], "on-call@hall.example")


def test_a_new_stage_must_be_told_who_sends_its_mails(place: Place) -> None:
    with pytest.raises(DeployFailed, match="Sender"):
        place.deploy()
    assert place.stage.stack.describe() is None


def test_a_domain_without_its_certificate_is_refused(place: Place) -> None:
    with pytest.raises(Exception, match="certificate"):
        place.deploy(**SENDER, Domain="guestlist.hall.example")
    assert place.stage.stack.describe() is None


def test_stages_stand_side_by_side_and_may_share_a_sender(standing: Place) -> None:
    second = Place(
        Stage(
            name=a_name("second").replace(" ", "-"),
            client=standing.stage.client,
            store=standing.stage.store,
            say=standing.output.append,
            pause=0.05,
        ),
        standing.build,
        standing.output,
    )
    theirs = second.deploy(**SENDER)
    ours = standing.stage.stack.outputs()
    assert {name for name in ours if ours[name] == theirs[name]} == set()
    assert second.stage.current().parameters["SenderKnown"] == "yes"
    second.timeout(11)
    second.deploy()
    assert (standing.deployed_timeout(), second.deployed_timeout()) == (10, 11)


def test_rolling_back_goes_to_the_release_before_and_then_to_the_one_before_that(standing: Place) -> None:
    for seconds in (11, 12):
        standing.timeout(seconds)
        standing.deploy()
    found = []
    for _ in range(2):
        standing.stage.roll_back()
        found.append(standing.deployed_timeout())
    assert found == [11, 10]
    with pytest.raises(DeployFailed, match="nothing is known"):
        standing.stage.roll_back()


def test_rolling_back_brings_back_the_code_and_the_parameters_too(standing: Place) -> None:
    name = standing.stage.stack.outputs()["APIHandlerName"]

    def code() -> str:
        found: str = standing.stage.client("lambda").get_function_configuration(FunctionName=name)["CodeSha256"]
        return found

    before = code()
    with zipfile.ZipFile(standing.build / "functions.zip", "a") as archive:
        archive.writestr("added.py", "")
    standing.deploy(AlarmAddress="on-call@hall.example")
    changed = code()
    standing.stage.roll_back()
    assert (changed != before, code()) == (True, before)
    assert standing.stage.current().parameters["AlarmAddress"] == ""


def test_a_stage_that_is_not_there_cannot_be_rolled_back(place: Place) -> None:
    with pytest.raises(DeployFailed, match="no stage"):
        place.stage.roll_back()


def test_a_change_that_fails_says_what_failed_and_leaves_the_stage_as_it_was(standing: Place) -> None:
    standing.timeout(11)
    standing.template["Resources"]["Broken"] = NOT_A_QUEUE
    with pytest.raises(DeployFailed, match=r"(?s)Broken: .*rolled back.*what it was before"):
        standing.deploy()
    assert standing.deployed_timeout() == 10
    with pytest.raises(DeployFailed, match="nothing is known"):
        standing.stage.roll_back()


def test_after_a_creation_that_failed_the_next_begins_anew(place: Place) -> None:
    place.template["Resources"]["Broken"] = NOT_A_QUEUE
    with pytest.raises(DeployFailed, match=r"(?s)Broken: .*nothing of the stage is left"):
        place.deploy(**SENDER)
    del place.template["Resources"]["Broken"]
    assert place.deploy(**SENDER)["BucketName"].startswith(f"guestlist-{place.stage.name}")
    assert any("removing what a creation that failed has left" in line for line in place.output)


def test_a_change_that_would_leave_what_keeps_the_data_is_refused(standing: Place) -> None:
    standing.template["Resources"]["Lists"] = standing.template["Resources"]["Table"]
    moved = json.dumps(standing.template).replace('"Table"', '"Lists"').replace("${Table", "${Lists")
    standing.template = json.loads(moved)
    before = standing.stage.stack.describe()
    with pytest.raises(DeployFailed, match="keeps the data: Table"):
        standing.deploy()
    assert standing.stage.stack.describe() == before


# The command


def command(address: str, *options: str) -> subprocess.CompletedProcess[str]:
    """What `python -m infra.deploy` says, with the engine for AWS."""
    env = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": f"{ROOT}:{ROOT}/layers/guestlist/python:{ROOT}/functions",
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }
    line = [sys.executable, "-m", "infra.deploy", *options]
    return subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_the_command_makes_a_stage_tries_it_and_says_where_it_is(address: str) -> None:
    stage = a_name("told").replace(" ", "-")
    at = f"{address}/restapis/{{RestAPIId}}/api/_user_request_"
    done = command(address, "--stage", stage, "--at", at, "--sender", SENDER["Sender"])
    assert (done.returncode, done.stderr) == (0, "")
    for line in (
        f"Stage {stage} is deployed.",
        "execute-api",
        "CREATE_COMPLETE",
        "the API says what it offers",
        "make operator",
    ):
        assert line in done.stdout
    second = command(address, "--stage", stage, "--at", at)
    assert (second.returncode, "nothing to change" in second.stdout) == (0, True)


def test_the_command_says_in_a_line_what_is_wrong(address: str) -> None:
    new = command(address, "--stage", a_name("new").replace(" ", "-"))
    assert (new.returncode, new.stderr) == (1, "a new stage needs: Sender\n")
    back = command(address, "--stage", "nowhere", "--roll-back")
    assert (back.returncode, back.stderr) == (1, "there is no stage nowhere to roll back\n")
    nobody = command("http://127.0.0.1:1", "--stage", "nowhere", "--roll-back")
    assert (nobody.returncode, len(nobody.stderr.splitlines())) == (1, 1)
    assert nobody.stderr.startswith("AWS refused the request: ")
