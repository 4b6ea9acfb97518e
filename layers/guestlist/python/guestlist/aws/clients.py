"""One client per service and process, created on first use."""

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
    """The part of the AWS Lambda client that is used."""

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> Any:  # noqa: N803 - AWS's names
        """Invoke a function, synchronously or asynchronously."""


def _config(**more: object) -> "Config":
    from botocore.config import Config

    return Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=2, **more)  # type: ignore[arg-type]


@cache
def dynamodb() -> DynamoDB:
    """The DynamoDB client for everything but the check path; its connection pool serves parallel calls."""
    import boto3

    from guestlist.aws.boto import Boto

    return Boto(boto3.client("dynamodb", config=_config(read_timeout=5, max_pool_connections=16)))


@cache
def checkout_dynamodb() -> DynamoDB:
    """The DynamoDB client for the check path, which does not load boto3."""
    from guestlist.aws.wire.client import wire

    return wire(settings().region, settings().dynamodb_endpoint)


@cache
def worker_dynamodb() -> DynamoDB:
    """The same client for workers, for which nobody waits: longer timeouts and more retries."""
    from guestlist.aws.wire.client import wire

    return wire(settings().region, settings().dynamodb_endpoint, read_timeout=5, retry_seconds=20)


@cache
def s3() -> "S3Client":
    """The S3 client; it signs with version 4, which pre-signed POST policies require."""
    import boto3

    return boto3.client("s3", config=_config(signature_version="s3v4", s3={"addressing_style": "path"}))


@cache
def sqs() -> "SQSClient":
    """The SQS client."""
    import boto3

    return boto3.client("sqs", config=_config())


@cache
def functions() -> Functions:
    """The Lambda client."""
    import boto3

    client: Functions = boto3.client("lambda", config=_config())
    return client


@cache
def ses() -> "SESV2Client":
    """The SES client; it never retries, since an attempt whose response was lost may have sent the mail."""
    import boto3
    from botocore.config import Config

    return boto3.client("sesv2", config=_config().merge(Config(retries={"total_max_attempts": 1})))


def boto_errors() -> tuple[type[Exception], ...]:
    """The exceptions of boto3; none while it is not loaded, as on the check path."""
    errors = sys.modules.get("botocore.exceptions")
    return (errors.BotoCoreError, errors.ClientError) if errors else ()
