"""`make deploy` on an engine: creating, changing, refusing and rolling back a stage."""

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


def test_a_deployed_stage_passes_the_smoke_test(live_place: Place, address: str) -> None:
    outputs = live_place.stage.stack.outputs()
    results = dict(
        smoke(gateway(address, outputs), live_place.stage.client("lambda"), outputs["WatchdogFunction"], 0.1)
    )
    assert len(results) == 4
    assert set(results.values()) == {""}


def test_a_dry_run_lists_what_it_would_create_and_creates_nothing(place: Place) -> None:
    place.stage.show(place.template, place.build, SENDER)
    assert any(line.split() == ["Add", "Table", "AWS::DynamoDB::Table"] for line in place.output)
    assert place.stage.stack.describe() is None


def test_a_dry_run_over_a_stage_leaves_it_as_it_is(live_place: Place) -> None:
    before = live_place.stage.stack.describe()
    live_place.timeout(11)
    live_place.stage.show(live_place.template, live_place.build, {})
    assert any(line.split()[:2] == ["Modify", "APIHandler"] for line in live_place.output)
    assert live_place.stage.stack.describe() == before


def test_a_deployment_without_changes_updates_nothing(live_place: Place) -> None:
    before = live_place.stage.stack.describe()
    assert live_place.deploy() == live_place.stage.stack.outputs()
    runtime, *rest = live_place.output
    assert runtime.startswith("runtime python3.")
    assert rest == ["nothing to change"]
    assert live_place.stage.stack.describe() == before


def test_the_same_artefact_is_uploaded_once(live_place: Place) -> None:
    def artefacts() -> dict[str, Any]:
        objects = live_place.stage.client("s3").list_objects_v2(Bucket=live_place.stage.store.bucket)["Contents"]
        return {one["Key"]: one["LastModified"] for one in objects if not one["Key"].startswith("stages/")}

    before = artefacts()
    live_place.deploy()
    assert artefacts() == before


def test_parameters_that_are_left_out_keep_their_values(live_place: Place) -> None:
    live_place.deploy(AlarmAddress="on-call@hall.example")
    live_place.timeout(11)
    live_place.deploy()
    parameters = live_place.stage.current().parameters
    assert (parameters["Sender"], parameters["AlarmAddress"]) == (SENDER["Sender"], "on-call@hall.example")


def test_a_new_stage_requires_a_sender(place: Place) -> None:
    with pytest.raises(DeployFailed, match="Sender"):
        place.deploy()
    assert place.stage.stack.describe() is None


def test_a_domain_without_its_certificate_is_refused(place: Place) -> None:
    with pytest.raises(Exception, match="certificate"):
        place.deploy(**SENDER, Domain="guestlist.hall.example")
    assert place.stage.stack.describe() is None


def test_stages_exist_side_by_side_and_may_share_a_sender(live_place: Place) -> None:
    second = Place(
        Stage(
            name=a_name("second").replace(" ", "-"),
            client=live_place.stage.client,
            store=live_place.stage.store,
            say=live_place.output.append,
            pause=0.05,
        ),
        live_place.build,
        live_place.output,
    )
    theirs = second.deploy(**SENDER)
    ours = live_place.stage.stack.outputs()
    assert {name for name in ours if ours[name] == theirs[name]} == set()
    assert second.stage.current().parameters["SenderKnown"] == "yes"
    second.timeout(11)
    second.deploy()
    assert (live_place.deployed_timeout(), second.deployed_timeout()) == (10, 11)


def test_each_rollback_returns_to_the_release_before(live_place: Place) -> None:
    for seconds in (11, 12):
        live_place.timeout(seconds)
        live_place.deploy()
    timeouts = []
    for _ in range(2):
        live_place.stage.roll_back()
        timeouts.append(live_place.deployed_timeout())
    assert timeouts == [11, 10]
    with pytest.raises(DeployFailed, match="nothing is known"):
        live_place.stage.roll_back()


def test_a_rollback_restores_the_code_and_the_parameters(live_place: Place) -> None:
    name = live_place.stage.stack.outputs()["APIHandlerName"]

    def code() -> str:
        digest: str = live_place.stage.client("lambda").get_function_configuration(FunctionName=name)["CodeSha256"]
        return digest

    before = code()
    with zipfile.ZipFile(live_place.build / "functions.zip", "a") as archive:
        archive.writestr("added.py", "")
    live_place.deploy(AlarmAddress="on-call@hall.example")
    new_code = code()
    live_place.stage.roll_back()
    assert (new_code != before, code()) == (True, before)
    assert live_place.stage.current().parameters["AlarmAddress"] == ""


def test_a_stage_that_does_not_exist_cannot_be_rolled_back(place: Place) -> None:
    with pytest.raises(DeployFailed, match="no stage"):
        place.stage.roll_back()


def test_a_change_that_fails_says_what_failed_and_leaves_the_stage_as_it_was(live_place: Place) -> None:
    live_place.timeout(11)
    live_place.template["Resources"]["Broken"] = NOT_A_QUEUE
    with pytest.raises(DeployFailed, match=r"(?s)Broken: .*rolled back.*what it was before"):
        live_place.deploy()
    assert live_place.deployed_timeout() == 10
    with pytest.raises(DeployFailed, match="nothing is known"):
        live_place.stage.roll_back()


def test_a_deployment_after_a_failed_creation_starts_over(place: Place) -> None:
    place.template["Resources"]["Broken"] = NOT_A_QUEUE
    with pytest.raises(DeployFailed, match=r"(?s)Broken: .*nothing of the stage is left"):
        place.deploy(**SENDER)
    del place.template["Resources"]["Broken"]
    assert place.deploy(**SENDER)["BucketName"].startswith(f"guestlist-{place.stage.name}")
    assert any("removing what a creation that failed has left" in line for line in place.output)


def test_a_change_that_would_replace_the_table_is_refused(live_place: Place) -> None:
    live_place.template["Resources"]["Lists"] = live_place.template["Resources"]["Table"]
    template = json.dumps(live_place.template).replace('"Table"', '"Lists"').replace("${Table", "${Lists")
    live_place.template = json.loads(template)
    before = live_place.stage.stack.describe()
    with pytest.raises(DeployFailed, match="keeps the data: Table"):
        live_place.deploy()
    assert live_place.stage.stack.describe() == before


# The command


def command(address: str, *options: str) -> subprocess.CompletedProcess[str]:
    """The output of `python -m infra.deploy`, with the engine as AWS."""
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


def test_the_command_deploys_a_stage_smoke_tests_it_and_prints_its_address(address: str) -> None:
    stage = a_name("told").replace(" ", "-")
    at = f"{address}/restapis/{{RestAPIId}}/api/_user_request_"
    process = command(address, "--stage", stage, "--at", at, "--sender", SENDER["Sender"])
    assert (process.returncode, process.stderr) == (0, "")
    for line in (
        f"Stage {stage} is deployed.",
        "execute-api",
        "CREATE_COMPLETE",
        "the API serves its OpenAPI document",
        "make operator",
    ):
        assert line in process.stdout
    second = command(address, "--stage", stage, "--at", at)
    assert (second.returncode, "nothing to change" in second.stdout) == (0, True)


def test_the_command_prints_an_error_in_one_line(address: str) -> None:
    new = command(address, "--stage", a_name("new").replace(" ", "-"))
    assert (new.returncode, new.stderr) == (1, "a new stage needs: Sender\n")
    back = command(address, "--stage", "nowhere", "--roll-back")
    assert (back.returncode, back.stderr) == (1, "there is no stage nowhere to roll back\n")
    nobody = command("http://127.0.0.1:1", "--stage", "nowhere", "--roll-back")
    assert (nobody.returncode, len(nobody.stderr.splitlines())) == (1, 1)
    assert nobody.stderr.startswith("AWS refused the request: ")
