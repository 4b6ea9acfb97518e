"""The table of `infra/resources.yaml`, made on an engine by the API that both engines speak."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import yaml
from botocore.config import Config

from guestlist.aws.items import unpacked
from guestlist.aws.table import Table

RESOURCES = Path(__file__).parents[2] / "infra" / "resources.yaml"


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as plain values."""


_LOADER_TAGS = _Loader.add_multi_constructor("!", lambda loader, _suffix, node: _plain(loader, node))


def _plain(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return loader.construct_mapping(node)


@cache
def _definition() -> dict[str, Any]:
    resources = yaml.load(RESOURCES.read_text(encoding="utf-8"), Loader=_Loader)["Resources"]  # noqa: S506
    wanted = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
    return {name: resources["Table"]["Properties"][name] for name in wanted}


def client(address: str) -> Any:
    """A DynamoDB client for that engine."""
    return boto3.client(
        "dynamodb",
        endpoint_url=address,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(max_pool_connections=40, retries={"max_attempts": 2}),
    )


def new_table(address: str) -> Table:
    """An empty table on that engine."""
    name = f"guestlist-{uuid4().hex[:12]}"
    connection = client(address)
    connection.create_table(TableName=name, **_definition())
    connection.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return Table(connection, name)


def contents(table: Table) -> list[dict[str, Any]]:
    """Everything that is in the table, in the order of keys; only tests may look at it so."""
    pages = table._client.get_paginator("scan").paginate(TableName=table._name)  # noqa: SLF001
    items = [unpacked(item) for page in pages for item in page["Items"]]
    return sorted(items, key=lambda item: (item["pk"], item["sk"]))


def on_requests(table: Table, moment: str, act: Callable[[str, dict[str, Any]], Any]) -> None:
    """Have `act` told of each request: its operation and what botocore has at hand at that moment.

    The moment is `before-call`, nothing of it being sent yet, or `after-call`, when its answer has come.
    """

    def tell(model: Any, **more: Any) -> Any:
        return act(model.name, more)

    table._client.meta.events.register(f"{moment}.dynamodb", tell)  # noqa: SLF001
