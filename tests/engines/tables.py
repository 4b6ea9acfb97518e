"""The table of `infra/resources.yaml`, made on an engine by the API that both engines speak."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import yaml
from botocore.config import Config

from guestlist.aws.boto import Boto
from guestlist.aws.dynamodb import DynamoDB
from guestlist.aws.items import unmarshal_item
from guestlist.aws.table import Table
from guestlist.aws.wire.client import Wire
from guestlist.aws.wire.connection import Connections, Endpoint
from guestlist.aws.wire.signing import Credentials
from guestlist.model import clock
from tests.engines.servers import WITHOUT_TRANSACTIONS

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
    property_names = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
    return {name: resources["Table"]["Properties"][name] for name in property_names}


def client(address: str) -> Any:
    """A DynamoDB client for that engine, of its own since tests listen to what it sends."""
    return boto3.client(
        "dynamodb",
        endpoint_url=address,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(max_pool_connections=40, retries={"max_attempts": 2}),
    )


_owner = cache(client)  # it makes tables and nothing else, so that all tests of a process may share it


class Purse:
    """Credentials that are always the same."""

    def current(self) -> Credentials:
        return Credentials("test", "test")

    def renew(self, _credentials: Credentials) -> bool:
        return False


def own_client(address: str, read: float = 30) -> Wire:
    """Our own client for that engine, or for whoever stands in front of it; waits `read` seconds for an answer."""
    return Wire(Connections(Endpoint.of(address), read), "eu-west-1", Purse(), clock.machine)


CLIENTS: Mapping[str, Callable[[str], DynamoDB]] = {"boto3": lambda address: Boto(client(address)), "own": own_client}
"""The adapters to DynamoDB, which must behave alike."""


def new_table(address: str, by: str = "boto3", through: str | None = None) -> Table:
    """An empty table on that engine, reached by the adapter of that name, perhaps `through` another address."""
    name = f"guestlist-{uuid4().hex[:12]}"
    connection = _owner(address)
    connection.create_table(TableName=name, **_definition())
    connection.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    reached = CLIENTS[by](through or address)
    return Table(OneByOne(reached) if address in WITHOUT_TRANSACTIONS else reached, name)


def keyed(table: Table, digest_key: bytes) -> Table:
    """The same table for stores that make digests of persons with that key."""
    return Table(table._client, table._name, digest_key)  # noqa: SLF001


class OneByOne:
    """Another client, to an engine without transactions: their writes are made one by one, the first that fails last.

    So their conditions are tried, the first one's before anything is written.
    """

    def __init__(self, client: DynamoDB) -> None:
        self._inner = client

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        if operation != "TransactWriteItems":
            return self._inner.call(operation, request)
        for action in request["TransactItems"]:
            ((name, write),) = action.items()
            self._inner.call(f"{name}Item", write)
        return {}

    def begin(self, operation: str, request: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        return self._inner.begin(operation, request)


def all_items(table: Table) -> list[dict[str, Any]]:
    """Every item of the table, in the order of keys; only tests may read it so."""
    items, request = [], {"TableName": table._name}  # noqa: SLF001
    while request:
        answer = table._client.call("Scan", request)  # noqa: SLF001
        items += map(unmarshal_item, answer["Items"])
        last = answer.get("LastEvaluatedKey")
        request = {**request, "ExclusiveStartKey": last} if last else {}
    return sorted(items, key=lambda item: (item["pk"], item["sk"]))


def contents(table: Table) -> list[dict[str, Any]]:
    """Every item without the instant at which it got its copies, which differs between two tables that are compared."""
    return [{name: value for name, value in item.items() if name != "copied_at"} for item in all_items(table)]


class Watched:
    """Another client, with somebody told of each request before it is sent and after it was answered."""

    def __init__(self, client: DynamoDB, moment: str, act: Callable[[str, dict[str, Any]], Any]) -> None:
        self._inner = client
        self._moment = moment
        self._act = act

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        if self._moment == "before-call":
            self._act(operation, dict(request))
            return self._inner.call(operation, request)
        answer = self._inner.call(operation, request)
        self._act(operation, answer)
        return answer

    def begin(self, operation: str, request: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        if self._moment == "before-call":
            self._act(operation, dict(request))
            return self._inner.begin(operation, request)
        return partial(self._end, operation, self._inner.begin(operation, request))

    def _end(self, operation: str, begun: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        answer = begun()
        self._act(operation, answer)
        return answer


def on_requests(table: Table, moment: str, act: Callable[[str, dict[str, Any]], Any]) -> None:
    """Have `act` told of each request, tries of the same not counted: its operation, and what is at hand.

    The moment is `before-call`, nothing of it being sent yet, with the request; or `after-call` with its answer.
    """
    table._client = Watched(table._client, moment, act)  # noqa: SLF001
