"""The packaged template, deployed on the engine as it would be on AWS."""

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from threading import Event
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.engine import REGION

STACK = "guestlist"
SENDER = "guestlist@guestlist.example"
_ARTEFACTS = "guestlist-artefacts"
_SECONDS = 60
_URIS = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}


class DeployFailed(Exception):
    """CloudFormation did not take the template; the message says which resource and why."""


Client = Callable[[str], Any]


def clients(address: str) -> Client:
    """The engine's client of any service, made once; a call may take as long as the longest Lambda."""
    config = Config(read_timeout=900, retries={"total_max_attempts": 1}, max_pool_connections=40)
    made: dict[str, Any] = {}
    making = threading.Lock()

    def client(service: str) -> Any:
        with making:
            if service not in made:
                # A session of its own: one keeps the profiles that it found at first, and they change.
                make: Any = boto3.session.Session("test", "test", region_name=REGION).client
                made[service] = make(service, endpoint_url=address, config=config)
            return made[service]

    return client


def deploy(build: Path, api: str, client: Client) -> Mapping[str, str]:
    """Create the stack, update it, or leave it when nothing has changed; answers its outputs.

    `api` is the address at which the API is reached. Raises `DeployFailed`.
    """
    template = uploaded(json.loads((build / "template.json").read_text(encoding="utf-8")), build, client("s3"))
    parameters = {"Stage": "local", "Sender": SENDER, "Address": api}
    cloudformation = client("cloudformation")
    standing = _standing(cloudformation)
    try:
        if standing is None:
            cloudformation.create_stack(**_request(template, parameters, client("s3")))
        elif (template, parameters) != (deployed(cloudformation), _parameters(standing)):
            cloudformation.update_stack(**_request(template, parameters, client("s3")))
    except ClientError as error:
        raise DeployFailed(f"the template could not be deployed: {error}") from error
    outputs = _wait(cloudformation)
    _enable_ttl(client("dynamodb"), outputs["TableName"])
    return outputs


def deployed(cloudformation: Any) -> dict[str, Any]:
    """The template that the stack was made from, before its transform."""
    body = cloudformation.get_template(StackName=STACK, TemplateStage="Original")["TemplateBody"]
    template: dict[str, Any] = json.loads(body) if isinstance(body, str) else dict(body)
    return template


def uploaded(template: dict[str, Any], build: Path, s3: Any) -> dict[str, Any]:
    """The template with its zips in a bucket, each under the digest of its content."""
    changed = deepcopy(template)
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=_ARTEFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
    for resource in changed["Resources"].values():
        name = _URIS.get(resource["Type"])
        if name:
            resource["Properties"][name] = _upload(build / resource["Properties"][name], s3)
    return changed


def _upload(path: Path, s3: Any) -> str:
    content = path.read_bytes()
    key = f"{hashlib.sha256(content).hexdigest()[:32]}.zip"
    try:
        s3.head_object(Bucket=_ARTEFACTS, Key=key)
    except ClientError:
        s3.put_object(Bucket=_ARTEFACTS, Key=key, Body=content)
    return f"s3://{_ARTEFACTS}/{key}"


def _request(template: dict[str, Any], parameters: Mapping[str, str], s3: Any) -> dict[str, Any]:
    """Too large to be sent inline, as on AWS, a template is read from a bucket."""
    s3.put_object(Bucket=_ARTEFACTS, Key="template.json", Body=json.dumps(template).encode())
    address = s3.meta.endpoint_url
    return {
        "StackName": STACK,
        "TemplateURL": f"{address}/{_ARTEFACTS}/template.json",
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    }


def _standing(cloudformation: Any) -> dict[str, Any] | None:
    try:
        stack: dict[str, Any] = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    except ClientError:
        return None
    return stack


def _parameters(stack: dict[str, Any]) -> dict[str, str]:
    return {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])}


def _wait(cloudformation: Any) -> Mapping[str, str]:
    pause = Event()
    for _ in range(_SECONDS * 10):
        stack = _standing(cloudformation)
        status = stack["StackStatus"] if stack else "DELETED"
        if stack and status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        if not status.endswith("IN_PROGRESS"):
            break
        pause.wait(0.1)
    raise DeployFailed(_why(cloudformation))


def _why(cloudformation: Any) -> str:
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    lines = [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed]
    return "\n".join(["the template could not be deployed:", *lines])


def _enable_ttl(dynamodb: Any, table: str) -> None:
    """The engine leaves this property of the template out."""
    state = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"]
    if state == "DISABLED":
        wanted = {"Enabled": True, "AttributeName": "ttl"}
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)
