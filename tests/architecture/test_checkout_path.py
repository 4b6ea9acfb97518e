"""What a check pays for before it can answer: the modules that its cold start loads."""

import json
import os
import subprocess
import sys

import pytest

from tests.architecture.source import FUNCTIONS, LAYER

# boto3 loads csv for itself; whether ours does is seen by taking it out again.
LOADED = """
import sys, json
import boto3, chalice
sys.modules.pop("csv")
before = set(sys.modules)
import app, chalicelib.checkout
print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.fixture(scope="module")
def loaded() -> list[str]:
    """The modules that the API's Lambda loads until a check can be answered, beyond boto3 and Chalice."""
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(FUNCTIONS), str(LAYER)]),
        "AWS_LAMBDA_FUNCTION_NAME": "api",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    done = subprocess.run([sys.executable, "-c", LOADED], env=env, check=True, capture_output=True, text=True)
    modules: list[str] = json.loads(done.stdout)
    return modules


@pytest.mark.parametrize(
    "package",
    [
        "csv",
        "guestlist.imports",
        "pydantic",
        "chalicelib.uploads",
        "chalicelib.timers",
        "chalicelib.mail",
    ],
)
def test_a_check_does_not_load(loaded: list[str], package: str) -> None:
    assert [name for name in loaded if name == package or name.startswith(f"{package}.")] == []


def test_a_check_loads_the_checkout(loaded: list[str]) -> None:
    assert "guestlist.checkout" in loaded
