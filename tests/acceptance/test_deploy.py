"""The packaged template on an engine: created, deployed unchanged, and changed without losing data."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.build import BUILD, package
from infra.deploy.stack import DeployFailed
from infra.local.deploy import STACK, Client, clients, deploy
from infra.local.engine import engine

API = "http://127.0.0.1:8000"
KEY = {"pk": {"S": "kept"}, "sk": {"S": "kept"}}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Clients of an engine with nothing on it."""
    state = tmp_path_factory.mktemp("engine")
    with engine(state, state / "clock") as address:
        yield clients(address)


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A copy of the packaged artefacts that a test may change."""
    package()
    return shutil.copytree(BUILD, tmp_path / "build")


def test_an_unchanged_template_updates_nothing(client: Client, build: Path) -> None:
    outputs = deploy(build, API, client)
    before = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    assert deploy(build, API, client) == outputs
    assert client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0] == before


def test_links_in_mails_follow_the_api_to_a_new_address(client: Client, build: Path) -> None:
    deploy(build, API, client)
    deploy(build, "http://127.0.0.1:9000", client)
    functions = client("lambda").list_functions(MaxItems=50)["Functions"]
    (mail,) = [one for one in functions if "SendMail" in one["FunctionName"]]
    assert mail["Environment"]["Variables"]["API_ADDRESS"] == "http://127.0.0.1:9000"


def test_new_code_and_settings_replace_the_old_and_stored_data_stays(client: Client, build: Path) -> None:
    outputs = deploy(build, API, client)
    client("dynamodb").put_item(TableName=outputs["TableName"], Item=KEY)
    client("s3").put_object(Bucket=outputs["BucketName"], Key="kept", Body=b"kept")
    with zipfile.ZipFile(build / "functions.zip", "a") as code:
        code.writestr("added.py", "")
    template = json.loads((build / "template.json").read_text())
    template["Resources"]["APIHandler"]["Properties"]["Timeout"] = 11
    (build / "template.json").write_text(json.dumps(template))

    assert deploy(build, API, client) == outputs
    function = client("lambda").get_function_configuration(FunctionName=outputs["APIHandlerName"])
    assert (function["Timeout"], function["CodeSize"]) == (11, (build / "functions.zip").stat().st_size)
    assert "Item" in client("dynamodb").get_item(TableName=outputs["TableName"], Key=KEY)
    assert client("s3").get_object(Bucket=outputs["BucketName"], Key="kept")["Body"].read() == b"kept"


def test_a_template_that_cannot_be_deployed_says_which_resource_and_why(build: Path, tmp_path: Path) -> None:
    template = json.loads((build / "template.json").read_text())
    template["Resources"]["Wrong"] = {"Type": "AWS::Nothing::AtAll", "Properties": {}}
    (build / "template.json").write_text(json.dumps(template))
    with engine(tmp_path, tmp_path / "clock") as address, pytest.raises(DeployFailed, match="Nothing"):
        deploy(build, API, clients(address))
