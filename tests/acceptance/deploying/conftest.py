"""An engine that stands for AWS with nothing on it, and stages to be deployed there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.build import BUILD, package
from infra.deploy.stage import Stage
from infra.deploy.store import store_of
from infra.local.deploy import Client, clients
from infra.local.engine import engine
from tests.acceptance.client import a_name
from tests.acceptance.deploying.places import ACCOUNT, REGION, SENDER, Place


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file with the pipeline's clock."""
    return tmp_path_factory.mktemp("engine") / "clock"


@pytest.fixture(scope="module")
def address(clock: Path) -> Iterator[str]:
    """The address of an engine with nothing on it."""
    with engine(clock.parent, clock) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Client:
    return clients(address)


@pytest.fixture
def place(client: Client, tmp_path: Path) -> Iterator[Place]:
    """A stage that is not there yet, and not there any more afterwards: its timers would go on being fired."""
    package()
    store = store_of(client("s3"), ACCOUNT, REGION)
    store.create(REGION)
    output: list[str] = []
    stage = Stage(name=a_name("stage").replace(" ", "-"), client=client, store=store, say=output.append, pause=0.05)
    yield Place(stage, shutil.copytree(BUILD, tmp_path / "build"), output)
    client("cloudformation").delete_stack(StackName=stage.stack.name)


@pytest.fixture
def live_place(place: Place) -> Place:
    """A stage that is there."""
    place.deploy(**SENDER)
    place.output.clear()
    return place
