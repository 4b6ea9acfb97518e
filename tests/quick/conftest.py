"""A stage on moto for each test, with two organisers; whatever starts a thread fails."""

import copy
import sys
from collections.abc import Callable, Iterator
from functools import partial
from inspect import signature
from threading import Thread
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from boto3.s3 import transfer
from botocore.config import Config
from botocore.model import Shape
from moto import mock_aws
from moto.core.serialize import ResponseSerializer
from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import StreamRecord

from guestlist.aws.boto import Boto
from guestlist.aws.table import Table, table
from infra.local.seed import seed
from tests.engines.inserting import insert_each
from tests.quick.api import Api
from tests.quick.stack import SENDER, InlineExecutor, Stack


def _clear_caches() -> None:
    """Make the next call build its clients, stores and settings anew."""
    ours = [module for name, module in sys.modules.items() if name.split(".")[0] in {"guestlist", "chalicelib"}]
    for module in ours:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _refuse(thread: Thread, *_args: Any) -> None:
    raise AssertionError(f"{thread.name}: on moto there is one thread")


def copied_once(transact: Callable[..., None]) -> Callable[..., None]:
    """The same, with one copy of each table for all items of a transaction."""

    def wrapper(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        copies: dict[int, Any] = {}

        def deepcopy(value: Any) -> Any:
            if not isinstance(value, models.Table):
                return copy.deepcopy(value)
            return copies.setdefault(id(value), copies.get(id(value)) or copy.deepcopy(value))

        with patch.object(models, "copy", SimpleNamespace(deepcopy=deepcopy)):
            transact(backend, transact_items)

    return wrapper


def sorted_items(moto_table: models.Table) -> list[Any]:
    """All items in the order of their keys, which are text."""
    items = [item for partition in moto_table.items.values() for item in partition.values()]
    return sorted(items, key=lambda item: (item.hash_key.value, item.range_key.value))


def of_its_partition(query: Callable[..., Any]) -> Callable[..., Any]:
    """The same, looking at the items of the asked partition alone."""
    bind = signature(query).bind

    def wrapper(moto_table: models.Table, *args: Any, **kwargs: Any) -> Any:
        arguments = bind(moto_table, *args, **kwargs).arguments
        if arguments.get("index_name"):
            return query(moto_table, *args, **kwargs)
        partition = {key: items for key in [arguments["hash_key"]] if (items := moto_table.items.get(key))}
        with patch.object(moto_table, "items", partition):
            return query(moto_table, *args, **kwargs)

    return wrapper


def exact_names(get_value: Callable[..., Any]) -> Callable[..., Any]:
    """The same, by the name alone in what DynamoDB answers: moto tries further spellings of each that is not there."""

    def wrapper(serializer: ResponseSerializer, value: Any, key: str, shape: Shape) -> Any:
        if type(value) is dict and serializer.operation_model.service_model.service_name == "dynamodb":
            return value.get(key)
        return get_value(serializer, value, key, shape)

    return wrapper


_make_client = boto3.client
_clients: dict[str, Any] = {}


def shared_client(service: str, config: Config | None = None) -> Any:
    """The client with this configuration: moto answers one that an earlier test made just as well."""
    cache_key = f"{service} {vars(config) if config else ''}"
    if cache_key not in _clients:
        _clients[cache_key] = _make_client(service, config=config)
    return _clients[cache_key]


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """An empty stage but for its organisers."""
    with mock_aws():
        monkeypatch.setattr(ResponseSerializer, "get_value", exact_names(ResponseSerializer.get_value))
        monkeypatch.setattr(boto3, "client", shared_client)
        new_stack = Stack()
        for name, value in {**new_stack.environment, "POWERTOOLS_METRICS_DISABLED": "true"}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
        monkeypatch.setattr(Table, "_pool", InlineExecutor())
        monkeypatch.setattr(Boto, "_pool", InlineExecutor())
        monkeypatch.setattr(Table, "insert_many", insert_each)  # moto's PartiQL takes no parameters
        # moto sorts the whole table for each query.
        monkeypatch.setattr(models.Table, "all_items", sorted_items)
        monkeypatch.setattr(models.Table, "query", of_its_partition(models.Table.query))
        # moto copies the whole table, and what its stream ever told, for each item of a transaction.
        monkeypatch.setattr(DynamoDBBackend, "transact_write_items", copied_once(DynamoDBBackend.transact_write_items))
        monkeypatch.setattr(StreamRecord, "__deepcopy__", lambda record, _memo: record, raising=False)
        monkeypatch.setattr(transfer, "TransferConfig", partial(transfer.TransferConfig, use_threads=False))
        monkeypatch.setattr(Thread, "start", _refuse)
        _clear_caches()
        mailbox: Any = boto3.client("sesv2")
        mailbox.create_email_identity(EmailIdentity=SENDER)
        seed(table(), mailbox)
        yield new_stack
        _clear_caches()


@pytest.fixture
def api(stack: Stack) -> Api:
    """The API for the bearer of `demo-organiser`."""
    assert stack
    return Api()
