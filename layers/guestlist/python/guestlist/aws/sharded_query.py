"""Lists of people that are stored in several shards, sorted by e-mail, and read as one."""

from collections.abc import Iterator, Sequence
from functools import partial
from heapq import merge
from typing import Any

from guestlist.aws.items import Item
from guestlist.aws.table import Table
from guestlist.aws.table_reads import Page
from guestlist.model.email_search import EmailPrefix

FIRST, LAST = " ", "\U0010ffff"


def sort_key_after(email: str) -> str:
    """A sort key after this e-mail and after keys that continue it with a separator, but before every other e-mail."""
    return email + " " if email else ""


def query_shards(
    table: Table,
    shards: Sequence[str],
    *,
    begins: str = "",
    after: str = "",
    limit: int | None = None,
    only: Sequence[str] = (),
) -> Iterator[Item]:
    """The items of these partitions of the listing index, merged by e-mail, read in pages of `limit`.

    E-mails begin with `begins` and sort after `after`; with `only`, items have just these attributes and `g1sk`.
    """
    bounds = max(begins, sort_key_after(after), FIRST), begins + LAST
    if bounds[0] > bounds[1]:
        return
    options: dict[str, Any] = {
        "index": "listing",
        "between": bounds,
        "limit": limit,
        "only": ("g1sk", *only) if only else (),
    }
    pages = table.run_parallel(*[partial(table.query, shard, **options) for shard in shards])
    streams = [_with_following_pages(table, shard, options, page) for shard, page in zip(shards, pages, strict=True)]
    yield from merge(*streams, key=lambda item: item["g1sk"])


def query_shards_by_typed_email(
    table: Table,
    shards: Sequence[str],
    typed: str,
    *,
    after: str = "",
    limit: int | None = None,
    only: Sequence[str] = (),
) -> Iterator[Item]:
    """The items of which the e-mail begins with what was typed, also within a label of an encoded domain."""
    prefix = EmailPrefix.of(typed)
    streams = [
        query_shards(table, shards, begins=begins, after=after, limit=limit, only=only) for begins in prefix.ranges
    ]
    for item in merge(*streams, key=lambda item: item["g1sk"]):
        if prefix.matches(item["g1sk"].partition("\x1f")[0]):
            yield item


def _with_following_pages(table: Table, shard: str, options: dict[str, Any], page: Page) -> Iterator[Item]:
    yield from page.items
    if page.next:
        yield from table.query_all(shard, start=page.next, **options)
