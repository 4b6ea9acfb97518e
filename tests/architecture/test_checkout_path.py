"""The modules that the cold start of a check loads, each of which delays the first response."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from infra import artefacts, build, libraries
from tests.architecture.source import FUNCTIONS, LAYER, within
from tests.engines.scripted import ScriptedRequest, ScriptedResponse, reply, scripted_server

LOADED = """
import sys, json
import app
event = json.load(sys.stdin)
status = app.app(event, None)["statusCode"]
print(json.dumps([status, sorted(sys.modules)]))
"""
HEAVY = [
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.utilities.batch",
    "aws_lambda_powertools.utilities.data_classes",
    "aws_lambda_powertools.utilities.parser",
    "boto3",
    "botocore.client",
    "botocore.config",
    "botocore.session",
    "chalicelib.events.changes",
    "chalicelib.events.notifications",
    "chalicelib.events.stream",
    "chalicelib.routes.redemptions",
    "chalicelib.web.idempotency",
    "chalicelib.events.timers",
    "chalicelib.events.uploads",
    "csv",
    "email_validator",
    "email",
    "encodings.idna",
    "guestlist.aws.boto",
    "guestlist.checkout.redeem",
    "guestlist.groups.membership",
    "guestlist.groups.reevaluation",
    "guestlist.imports",
    "guestlist.mail.model",
    "guestlist.messages.catalogue",
    "guestlist.messages.problems",
    "http",
    "pydantic",
    "urllib3",
    "zoneinfo",
]


def nothing(request: ScriptedRequest) -> ScriptedResponse:
    """An empty table but for the token."""
    token = {"pk": {"S": "O#demo"}, "scope": {"S": "checkout"}, "name": {"S": "till"}}
    if request.operation == "BatchGetItem":
        keys = request.json["RequestItems"]["table"]["Keys"]
        items = [{**token, **key} for key in keys if key["sk"]["S"].startswith("TOKEN")]
        return reply({"Responses": {"table": items}, "UnprocessedKeys": {}})
    return reply({"Items": [], "Attributes": {"tried": {"N": "1"}}})


def event() -> dict[str, object]:
    return {
        "httpMethod": "POST",
        "headers": {"authorization": "Bearer demo-checkout", "content-type": "application/json"},
        "multiValueHeaders": {},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "requestContext": {"resourcePath": "/v1/check", "path": "/v1/check", "httpMethod": "POST", "requestId": "1"},
        "body": json.dumps({"code": "testing1", "sale_items": ["seats"]}),
        "isBase64Encoded": False,
        "stageVariables": None,
    }


def first_check(*path: Path, **setting: str) -> tuple[int, list[str]]:
    """The status of a first check in a fresh process, and the modules that are loaded then."""
    with scripted_server(nothing) as address:
        env = {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL": address,
            "AWS_LAMBDA_FUNCTION_NAME": "api",
            "AWS_REGION": "eu-west-1",
            "AWS_SECRET_ACCESS_KEY": "test",
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "TABLE_NAME": "table",
            **setting,
        }
        command = [sys.executable, "-c", LOADED]
        process = subprocess.run(
            command, env=env, input=json.dumps(event()), check=True, capture_output=True, text=True
        )
    status, modules = json.loads(process.stdout.splitlines()[-1])
    return status, modules


@pytest.fixture(scope="module")
def loaded() -> list[str]:
    """The modules that the API's Lambda has loaded after a check, from the source."""
    status, modules = first_check(FUNCTIONS, LAYER)
    assert status == 200
    return modules


def heavy(loaded: list[str]) -> set[str]:
    """The heavy packages that are loaded, whole or in part."""
    return {package for package in HEAVY if any(within(name, (package,)) for name in loaded)}


def test_a_check_loads_no_heavy_package(loaded: list[str]) -> None:
    assert heavy(loaded) == set()


@pytest.mark.parametrize("package", HEAVY)
def test_the_heavy_packages_exist_and_are_detected_when_loaded(loaded: list[str], package: str) -> None:
    assert find_spec(package)
    assert heavy([*loaded, f"{package}.planted"]) >= {package}
    assert heavy([*loaded, f"{package}_planted"]) == set()


def test_a_check_loads_the_checkout(loaded: list[str]) -> None:
    assert {"guestlist.checkout.check", "guestlist.aws.wire.client"} <= set(loaded)


def test_a_setting_makes_the_checkout_use_boto3() -> None:
    status, modules = first_check(FUNCTIONS, LAYER, DYNAMODB_CLIENT="boto3")
    assert status == 200
    assert heavy(modules) >= {"boto3", "botocore.client", "botocore.session", "urllib3"}
    assert "guestlist.aws.wire.client" not in modules


def test_the_packaged_api_answers_a_check_without_boto3(tmp_path: Path) -> None:
    build.package()
    for name, part in ((build.FUNCTIONS, "task"), (libraries.of_machine(), "opt"), (build.DOMAIN, "opt")):
        artefacts.unzip(build.BUILD / name, tmp_path / part)
    status, modules = first_check(tmp_path / "task", tmp_path / "opt" / "python")
    assert status == 200
    assert heavy(modules) == set()
    assert "guestlist.aws.wire.client" in modules
