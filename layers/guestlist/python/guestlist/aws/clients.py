"""One boto3 client per service and process, made when first needed."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient


def _config(**more: object) -> "Config":
    from botocore.config import Config

    return Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=2, **more)  # type: ignore[arg-type]


@cache
def dynamodb() -> "DynamoDBClient":
    """The table's client; its pool serves the parallel calls of one check."""
    import boto3

    return boto3.client("dynamodb", config=_config(read_timeout=5, max_pool_connections=16))


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
def ses() -> "SESV2Client":
    """The mailbox's client; it tries once, since a try whose answer was lost may have sent the mail."""
    import boto3
    from botocore.config import Config

    return boto3.client("sesv2", config=_config().merge(Config(retries={"total_max_attempts": 1})))
