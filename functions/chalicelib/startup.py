"""Exclude modules, which live as long as the process, from garbage collection."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_GC_THRESHOLD = 10_000


@contextmanager
def gc_frozen() -> Iterator[None]:
    """Disable garbage collection in this block, and exclude the objects made in it from later collections.

    Collections while modules were loaded took a seventh of the processor time of a cold start. Objects of a call
    are freed by reference counts, so with a high threshold the collector runs every ten calls, not in each.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(_GC_THRESHOLD)
        gc.enable()
