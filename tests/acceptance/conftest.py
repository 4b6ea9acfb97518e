"""One whole stack for all acceptance tests of a process, and callers of its API."""

from collections.abc import Iterator

import pytest

from tests.acceptance.client import Api
from tests.acceptance.permissions import recorded
from tests.acceptance.stacks import Stack, running_stack
from tests.least_privilege import RECORDS


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Stack]:
    """The stack, where each function may do only what its own policy allows, and what it does is noted."""
    state = tmp_path_factory.mktemp("stack")
    with running_stack(state, "--no-samples", "--enforce") as stack:
        yield stack
        pytestconfig.stash[RECORDS].append(recorded(stack, state))


@pytest.fixture
def address(stack: Stack) -> str:
    """Where the stack's API is."""
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
