"""A stage on moto for each test, with two organisers; whatever starts a thread fails."""

import sys
from collections.abc import Iterator
from functools import partial
from threading import Thread
from typing import Any

import boto3
import pytest
from boto3.s3 import transfer
from moto import mock_aws

from guestlist.aws.boto import Boto
from guestlist.aws.inserting import insert_each
from guestlist.aws.table import Table, table
from infra.local.seed import seed
from tests.quick.api import Api
from tests.quick.stack import SENDER, Inline, Stack


def _clear_caches() -> None:
    """Make the next call build its clients, stores and settings anew."""
    ours = [module for name, module in sys.modules.items() if name.split(".")[0] in {"guestlist", "chalicelib"}]
    for module in ours:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _refuse(thread: Thread, *_args: Any) -> None:
    raise AssertionError(f"{thread.name}: on moto there is one thread")


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """An empty stage but for its organisers."""
    with mock_aws():
        made = Stack()
        for name, value in {**made.environment, "POWERTOOLS_METRICS_DISABLED": "true"}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
        monkeypatch.setattr(Table, "_pool", Inline())
        monkeypatch.setattr(Boto, "_pool", Inline())
        monkeypatch.setattr(Table, "insert_many", insert_each)  # moto's PartiQL takes no parameters
        monkeypatch.setattr(transfer, "TransferConfig", partial(transfer.TransferConfig, use_threads=False))
        monkeypatch.setattr(Thread, "start", _refuse)
        _clear_caches()
        mailbox: Any = boto3.client("sesv2")
        mailbox.create_email_identity(EmailIdentity=SENDER)
        seed(table(), mailbox)
        yield made
        _clear_caches()


@pytest.fixture
def api(stack: Stack) -> Api:
    """The API for the bearer of `demo-organiser`."""
    assert stack
    return Api()
