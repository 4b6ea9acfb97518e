"""Stages on an engine of their own, deployed as on AWS."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guestlist.aws.boto import Boto
from guestlist.aws.table import Table
from infra.deploy.stage import Stage
from infra.libraries import for_this_machine
from infra.local.seed import seed

ACCOUNT, REGION = "000000000000", "eu-west-1"
SENDER = {"Sender": "box-office@hall.example"}


@dataclass
class Place:
    """A stage on an engine, and the packaged artefacts to bring it to."""

    stage: Stage
    build: Path
    output: list[str]
    template: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.template = for_this_machine(json.loads((self.build / "template.json").read_text()))

    def deploy(self, **parameters: str) -> Mapping[str, str]:
        return self.stage.deploy(self.template, self.build, parameters)

    def timeout(self, seconds: int) -> None:
        """Change the template: another timeout for the API."""
        self.template["Resources"]["APIHandler"]["Properties"]["Timeout"] = seconds

    def deployed_timeout(self) -> int:
        name = self.stage.stack.outputs()["APIHandlerName"]
        return int(self.stage.client("lambda").get_function_configuration(FunctionName=name)["Timeout"])


def gateway(address: str, outputs: Mapping[str, str]) -> str:
    """The address of the API at the engine's own API Gateway."""
    return f"{address}/restapis/{outputs['RestAPIId']}/api/_user_request_"


def seed_organisers(place: Place) -> None:
    """Make the organisers of the local stack, with their tokens."""
    table = Table(Boto(place.stage.client("dynamodb")), place.stage.stack.outputs()["TableName"])
    seed(table, place.stage.client("sesv2"))
