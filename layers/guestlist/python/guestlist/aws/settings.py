"""Settings from environment variables, read once."""

import os
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

_DEAD_LETTERS = "DEAD_LETTERS_"

_CLIENTS = {"own": True, "boto3": False}
_SWITCH = {"on": True, "off": False}


class Settings(NamedTuple):
    """The names of this stage's resources; `endpoint` is set on the local stack only, `address` is the API's URL.

    `own_client` selects our own DynamoDB client instead of boto3 for checks and imports, `fast_reading` the reading
    of plain list rows in blocks; `mail_rate` is the number of mails that SES accepts per second. `digest_key` is the
    key for digests of people, at most 64 bytes; uses of groups that are created from `keyed_since` on are counted under
    such digests.
    """

    table: str
    bucket: str
    queue_url: str
    default_sender: str
    endpoint: str | None
    configuration_set: str = ""
    address: str = ""
    dead_letters: Mapping[str, str] = MappingProxyType({})
    region: str = ""
    dynamodb_endpoint: str | None = None
    own_client: bool = True
    fast_reading: bool = True
    webhook_queue_url: str = ""
    welcomes_url: str = ""
    mail_rate: float = 1
    digest_key: bytes = b""
    keyed_since: datetime | None = None


@cache
def settings() -> Settings:
    """The settings of this process. Raises KeyError with the missing variable or the unknown value."""
    return Settings(
        table=os.environ["TABLE_NAME"],
        bucket=os.environ.get("BUCKET_NAME", ""),
        queue_url=os.environ.get("QUEUE_URL", ""),
        default_sender=os.environ.get("SENDER", ""),
        endpoint=os.environ.get("AWS_ENDPOINT_URL"),
        configuration_set=os.environ.get("CONFIGURATION_SET", ""),
        address=os.environ.get("API_ADDRESS", ""),
        dead_letters=_dead_letters(),
        region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION", ""),
        dynamodb_endpoint=os.environ.get("AWS_ENDPOINT_URL_DYNAMODB") or os.environ.get("AWS_ENDPOINT_URL"),
        own_client=_CLIENTS[os.environ.get("DYNAMODB_CLIENT", "own")],
        fast_reading=_SWITCH[os.environ.get("FAST_READING", "on")],
        webhook_queue_url=os.environ.get("WEBHOOK_QUEUE_URL", ""),
        welcomes_url=os.environ.get("WELCOMES_URL", ""),
        digest_key=os.environ.get("DIGEST_KEY", "").encode(),
        keyed_since=_instant(os.environ.get("KEYED_SINCE", "")),
        mail_rate=float(os.environ.get("MAIL_RATE", "1")),
    )


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _dead_letters() -> Mapping[str, str]:
    """The URLs of the dead-letter queues by name; only the operator's function has them."""
    urls = {name.partition(_DEAD_LETTERS)[2].lower(): url for name, url in os.environ.items()}
    return {name: url for name, url in urls.items() if name}
