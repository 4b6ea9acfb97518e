"""The table as workers reach it that write row by row."""

from functools import cache

from guestlist.aws import clients
from guestlist.aws.settings import settings
from guestlist.aws.table import Table, table


@cache
def worker_table() -> Table:
    """This stage's table, reached by our own client unless the setting says boto3."""
    if not settings().own_client:
        return table()
    return Table(clients.worker_dynamodb(), settings().table, settings().digest_key)
