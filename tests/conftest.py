"""Engines and a stack that tests share: one of each per test process, started on demand."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from guestlist.aws.table import Table
from tests.acceptance.client import Api
from tests.acceptance.permissions import read_record
from tests.acceptance.stacks import Stack, running_stack
from tests.engines import servers
from tests.engines.tables import new_table
from tests.least_privilege import RECORDS, LeastPrivilege

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
settings.register_profile("guestlist", deadline=None)
settings.load_profile("guestlist")


def pytest_configure(config: pytest.Config) -> None:
    """Have a run of the whole acceptance suite compare the policies with what was done."""
    config.pluginmanager.register(LeastPrivilege(config))


FIRST = (
    "quick/test_erasing",
    "quick/test_fuzz",
    "console/test_every_screen",
    "console/test_jobs",
    "console/",
    "faults/test_killed_workers",
    "acceptance/",
    "faults/",
    "benchmarks/",
    "unit/infra/test_pythons",
    "unit/infra/test_artefacts",
    "properties/",
    "simulation/",
)
"""What takes longest, the longest first: a file that is begun last goes on alone when all else has ended."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: _turn(item.path.relative_to(Path(__file__).parent).as_posix()))


def _turn(path: str) -> int:
    return next((number for number, start in enumerate(FIRST) if path.startswith(start)), len(FIRST))


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a ministack."""
    with servers.ministack(tmp_path_factory.mktemp("ministack")) as address:
        yield address


@pytest.fixture(scope="session")
def dynalite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dynalite."""
    with servers.dynalite(tmp_path_factory.mktemp("dynalite")) as address:
        yield address


@pytest.fixture(params=["ministack", "dynalite"])
def table(request: pytest.FixtureRequest) -> Table:
    """An empty table on each engine in turn: for all but transactions and PartiQL, which dynalite lacks."""
    return new_table(request.getfixturevalue(request.param))


@pytest.fixture(params=[f"{engine}-{by}" for engine in ("ministack", "dynalite") for by in ("boto3", "own")])
def reached_table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Table:
    """An empty table on each engine, reached by each adapter in turn: for what the check path does.

    An engine on a loaded machine may be slow to reach, which is no busy table: redemptions do not give up soon.
    """
    monkeypatch.setattr("guestlist.checkout.store._RETRY_SECONDS", 60.0)
    engine, by = request.param.split("-")
    return new_table(request.getfixturevalue(engine), by)


@pytest.fixture
def ministack_table(ministack: str) -> Table:
    """An empty table on ministack."""
    return new_table(ministack)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Stack]:
    """A stack without samples that enforces the policies of functions and records their calls."""
    state = tmp_path_factory.mktemp("stack")
    with running_stack(state, "--no-samples", "--enforce") as stack:
        yield stack
        pytestconfig.stash[RECORDS].append(read_record(stack, state))


@pytest.fixture
def address(stack: Stack) -> str:
    """The address of the stack's API."""
    return stack.address


@pytest.fixture
def organiser(stack: Stack) -> Api:
    """The API for the organiser `demo`."""
    return Api(stack.address, "demo-organiser")


@pytest.fixture
def checkout(stack: Stack) -> Api:
    """The API for the checkout of `demo`."""
    return Api(stack.address, "demo-checkout")


@pytest.fixture
def other(stack: Stack) -> Api:
    """The API for another organiser."""
    return Api(stack.address, "other-organiser")


@pytest.fixture
def other_checkout(stack: Stack) -> Api:
    """The API for the checkout of another organiser."""
    return Api(stack.address, "other-checkout")
