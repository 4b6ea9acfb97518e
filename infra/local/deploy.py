"""Deployment of the packaged template on the engine, as on AWS."""

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.deploy.stack import DeployFailed, Stack
from infra.deploy.store import Store
from infra.libraries import for_this_machine
from infra.local.engine import REGION

STACK = "guestlist"
SENDER = "guestlist@guestlist.example"
KEYED_SINCE = "2020-01-01T00:00:00+00:00"
_ARTEFACTS = "guestlist-artefacts"
_PAUSE = 0.1


Client = Callable[[str], Any]


def clients(address: str) -> Client:
    """The engine's client of any service, cached; its timeout exceeds the longest Lambda's."""
    config = Config(read_timeout=900, retries={"total_max_attempts": 1}, max_pool_connections=40)
    created: dict[str, Any] = {}
    making = threading.Lock()

    def client(service: str) -> Any:
        with making:
            if service not in created:
                # A new session: a session caches the profiles that it found first, and they change.
                make: Any = boto3.session.Session("test", "test", region_name=REGION).client
                created[service] = make(service, endpoint_url=address, config=config)
            return created[service]

    return client


def deploy(build: Path, api: str, client: Client) -> Mapping[str, str]:
    """Create the stack, or update it if something has changed, and return its outputs.

    `api` is the URL of the API. Raises `DeployFailed`.
    """
    store, stack = Store(client("s3"), _ARTEFACTS), Stack(STACK, client("cloudformation"), _PAUSE)
    store.create(REGION)
    template = for_this_machine(json.loads((build / "template.json").read_text(encoding="utf-8")))
    address = store.address(store.upload_template(store.upload(template, build)))
    parameters = {"Stage": "local", "Sender": SENDER, "Address": api, "MailRate": "1000", "KeyedSince": KEYED_SINCE}
    try:
        proposed = stack.propose(address, parameters, new=stack.clear(_silently) is None)
    except ClientError as error:
        raise DeployFailed(f"the template could not be deployed: {error}") from error
    outputs = stack.carry_out(proposed, _silently) if proposed else stack.outputs()
    _enable_ttl(client("dynamodb"), outputs["TableName"])
    return outputs


def _silently(_line: str) -> None:
    """Discard a line of output."""


def _enable_ttl(dynamodb: Any, table: str) -> None:
    """Enable TTL, since the engine ignores this property of the template."""
    state = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"]
    if state == "DISABLED":
        specification = {"Enabled": True, "AttributeName": "ttl"}
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=specification)
