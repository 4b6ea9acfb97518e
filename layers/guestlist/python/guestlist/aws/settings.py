"""What the environment says, read once."""

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Settings:
    """Names of this stage's resources; `endpoint` is set on the local stack only, `address` is that of the API."""

    table: str
    bucket: str
    queue_url: str
    default_sender: str
    endpoint: str | None
    configuration_set: str = ""
    address: str = ""


@cache
def settings() -> Settings:
    """The settings of this process; KeyError names the variable that is missing."""
    return Settings(
        table=os.environ["TABLE_NAME"],
        bucket=os.environ.get("BUCKET_NAME", ""),
        queue_url=os.environ.get("QUEUE_URL", ""),
        default_sender=os.environ.get("SENDER", ""),
        endpoint=os.environ.get("AWS_ENDPOINT_URL"),
        configuration_set=os.environ.get("CONFIGURATION_SET", ""),
        address=os.environ.get("API_ADDRESS", ""),
    )
