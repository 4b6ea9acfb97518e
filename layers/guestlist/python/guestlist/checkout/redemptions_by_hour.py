"""Redemptions of some entries of a list, and their uses by hour."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.checkout.ledger_items import SHARDS, redemption_of
from guestlist.checkout.redemption import Redemption, Status
from guestlist.checkout.redemption_store import redemptions_by_counters
from guestlist.lists.entry import code_key, email_key

MAX_ENTRIES = 100
"""The most entries whose redemptions are read for one response."""
_MAX_PER_QUERY = 100


def count_by_hour(redemptions: Iterable[Redemption], group_id: str) -> Mapping[datetime, int]:
    """Count the redeemed uses of the group's list by hour, in UTC: the start of each hour that has any."""
    hours = Counter[datetime]()
    for redemption in redemptions:
        if redemption.group_id == group_id and redemption.status is Status.REDEEMED and redemption.outstanding:
            hours[redemption.at.replace(minute=0, second=0, microsecond=0)] += redemption.outstanding
    return dict(sorted(hours.items()))


def newest_redemptions(
    table: Table, org: str, entries: Sequence[tuple[str | None, str | None]]
) -> Iterable[Redemption]:
    """The newest redemptions of entries with these codes, or these e-mails where the code is None."""
    entry_keys = dict.fromkeys(code_key(code) if code else email_key(email or "") for code, email in entries)
    shards = [keys.redemptions_of_code(org, key, shard) for key in entry_keys for shard in range(SHARDS)]
    query = partial(table.query, index="listing", descending=True, limit=_MAX_PER_QUERY)
    pages = table.run_parallel(*[partial(query, shard) for shard in shards])
    by_index = [redemption_of(item) for page in pages for item in page.items]
    by_counter = redemptions_by_counters(table, org, entry_keys)
    return {redemption.redemption_id: redemption for redemption in [*by_index, *by_counter]}.values()
