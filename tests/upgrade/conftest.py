"""The stage on moto, as the quick tests have it."""

from tests.quick.conftest import api, stack

__all__ = ["api", "stack"]
