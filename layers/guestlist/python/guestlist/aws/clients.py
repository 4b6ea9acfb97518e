"""One client per service and process, made when first needed."""

import sys
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from guestlist.aws.dynamodb import DynamoDB
from guestlist.aws.settings import settings

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient


class Functions(Protocol):
    """The client of AWS Lambda, as far as it is used."""

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> Any:  # noqa: N803 - AWS's names
        """Call a function, or have it called soon."""


def _config(**more: object) -> "Config":
    from botocore.config import Config

    return Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=2, **more)  # type: ignore[arg-type]


@cache
def dynamodb() -> DynamoDB:
    """The table's client beside the check path; its pool serves calls that are made side by side."""
    import boto3

    from guestlist.aws.boto import Boto

    return Boto(boto3.client("dynamodb", config=_config(read_timeout=5, max_pool_connections=16)))


@cache
def checkout_dynamodb() -> DynamoDB:
    """The table's client on the check path, which starts and calls without boto3."""
    from guestlist.aws.wire.client import wire

    return wire(settings().region, settings().dynamodb_endpoint)


@cache
def s3() -> "S3Client":
    """The bucket's client; version 4 signatures, which pre-signed POST policies need."""
    import boto3

    return boto3.client("s3", config=_config(signature_version="s3v4", s3={"addressing_style": "path"}))


@cache
def sqs() -> "SQSClient":
    """The queue's client."""
    import boto3

    return boto3.client("sqs", config=_config())


@cache
def functions() -> Functions:
    """The client that calls other functions."""
    import boto3

    found: Functions = boto3.client("lambda", config=_config())
    return found


@cache
def ses() -> "SESV2Client":
    """The mailbox's client; it tries once, since a try whose answer was lost may have sent the mail."""
    import boto3
    from botocore.config import Config

    return boto3.client("sesv2", config=_config().merge(Config(retries={"total_max_attempts": 1})))


def boto_errors() -> tuple[type[Exception], ...]:
    """The errors that boto3 raises; none before it is loaded, which on the check path it never is."""
    errors = sys.modules.get("botocore.exceptions")
    return (errors.BotoCoreError, errors.ClientError) if errors else ()
