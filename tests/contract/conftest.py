"""A versioned bucket for each test."""

from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config


@pytest.fixture
def s3(ministack: str) -> Any:
    """A client that talks to the engine as ours talks to S3."""
    return boto3.client(
        "s3",
        endpoint_url=ministack,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )


@pytest.fixture
def bucket_name(s3: Any) -> str:
    """The name of an empty bucket that keeps versions."""
    name = f"drops-{uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name
