"""The table for import workers, which write many small items."""

from functools import cache

from guestlist.aws import clients
from guestlist.aws.settings import settings
from guestlist.aws.table import Table, table


@cache
def worker_table() -> Table:
    """The table of this stage, through our own client with a worker's timeouts, or through boto3 if so configured."""
    if not settings().own_client:
        return table()
    return Table(clients.worker_dynamodb(), settings().table, settings().digest_key)
