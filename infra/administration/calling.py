"""Invocation of the function `operator`, in an account or on the local stack."""

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.engine import CREDENTIALS, REGION

LOCAL_STAGE = "local"
_CONFIG = Config(
    read_timeout=310, retries={"total_max_attempts": 1}
)  # no retries: a command must not be carried out twice


class CommandRefused(Exception):
    """The command was refused; the message is the reason, in one line."""


class FunctionUnavailable(Exception):
    """The function could not be invoked, or failed; whether the command was carried out is unknown."""


@dataclass(frozen=True, slots=True)
class Function:
    """The function's name, and a Lambda client of its account or stack."""

    name: str
    client: Any

    def call(self, command: str, arguments: Mapping[str, Any]) -> Any:
        """Carry out the command and return the result. Raises `CommandRefused` and `FunctionUnavailable`."""
        event = json.dumps({"command": command, "arguments": arguments}).encode()
        try:
            answer = self.client.invoke(FunctionName=self.name, Payload=event)
        except (ClientError, BotoCoreError) as error:
            raise FunctionUnavailable(f"{self.name} cannot be called: {error}") from error
        payload = json.load(answer["Payload"])
        if answer.get("FunctionError"):
            raise FunctionUnavailable(f"{self.name} broke: {payload.get('errorMessage', 'see its log')}")
        if "problem" in payload:
            raise CommandRefused(payload["problem"]["detail"])
        return payload["answer"]


def function_name(stage: str) -> str:
    """The function's name in the template, for this stage."""
    return f"guestlist-{stage}-operator"


def aws_function(name: str) -> Function:
    """The function with this name or ARN, with the environment's credentials and region."""
    try:
        return Function(name, boto3.client("lambda", config=_CONFIG))
    except BotoCoreError as error:
        raise FunctionUnavailable(f"{name} cannot be called: {error}") from error


def local_function(address: str) -> Function:
    """The function of the local stack at this address. Raises `FunctionUnavailable`."""
    try:
        with urllib.request.urlopen(f"{address}/local", timeout=10) as answer:  # noqa: S310 - our own server
            endpoint = json.load(answer)["aws_endpoint"]
    except (OSError, ValueError, KeyError) as error:
        raise FunctionUnavailable(f"no local stack at {address}: {error}") from error
    lent = {name.lower(): value for name, value in CREDENTIALS.items()}
    client: Any = boto3.Session(region_name=REGION).client("lambda", endpoint_url=endpoint, config=_CONFIG, **lent)  # type: ignore[call-overload]
    return Function(function_name(LOCAL_STAGE), client)
