"""Fixtures of the acceptance tests."""

from collections.abc import Iterator

import pytest

from tests.acceptance.stacks import Stack, StackClock


@pytest.fixture
def stack_clock(stack: Stack) -> Iterator[StackClock]:
    """The stack's clock, which has the true time again after the test."""
    clock = StackClock(stack)
    yield clock
    clock.reset()
