"""The store of artefacts: a bucket of the account, in which each is named by its digest.

So nothing is uploaded twice, and every former release can be deployed again.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.template import Template, to_json

_URIS = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
_MAX_RELEASES = 50
_PRIVATE = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


@dataclass(frozen=True, slots=True)
class Release:
    """A release: the digest of a template, and its parameters."""

    template: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Store:
    """The bucket with the artefacts of all stages."""

    s3: Any
    bucket: str

    def create(self, region: str) -> None:
        """Create the bucket, private and by TLS only, if it does not exist."""
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        with suppress(self.s3.exceptions.BucketAlreadyOwnedByYou):
            self.s3.create_bucket(Bucket=self.bucket, **where)
        self.s3.put_public_access_block(Bucket=self.bucket, PublicAccessBlockConfiguration=_PRIVATE)
        self.s3.put_bucket_policy(Bucket=self.bucket, Policy=json.dumps(_tls_only_policy(self.bucket, region)))

    def upload(self, template: Template, build: Path) -> Template:
        """Upload the zip files in the folder `build`, and return the template that refers to them."""
        changed = deepcopy(template)
        for resource in changed["Resources"].values():
            uri = _URIS.get(resource["Type"])
            if uri:
                resource["Properties"][uri] = self._zip(build / resource["Properties"][uri])
        return changed

    def upload_template(self, template: Template) -> str:
        """Upload a template and return its digest."""
        digest = digest_of(template)
        self._put(f"templates/{digest}.json", to_json(template).encode())
        return digest

    def address(self, digest: str) -> str:
        """The address at which CloudFormation reads a template, which may be too large for a parameter."""
        return f"{self.s3.meta.endpoint_url}/{self.bucket}/templates/{digest}.json"

    def releases(self, stage: str) -> Sequence[Release]:
        """The releases of the stage, latest last; empty for a new stage."""
        try:
            stored = self.s3.get_object(Bucket=self.bucket, Key=_releases_key(stage))["Body"].read()
        except self.s3.exceptions.NoSuchKey:
            return []
        return [Release(**one) for one in json.loads(stored)]

    def save_releases(self, stage: str, releases: Sequence[Release]) -> None:
        """Replace the stored releases of the stage."""
        text = json.dumps([asdict(one) for one in releases[-_MAX_RELEASES:]], indent=1)
        self.s3.put_object(Bucket=self.bucket, Key=_releases_key(stage), Body=text.encode())

    def _zip(self, path: Path) -> str:
        content = path.read_bytes()
        key = f"{hashlib.sha256(content).hexdigest()[:32]}.zip"
        self._put(key, content)
        return f"s3://{self.bucket}/{key}"

    def _put(self, key: str, content: bytes) -> None:
        try:
            self.s3.head_object(Bucket=self.bucket, Key=key)
        except ClientError:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)


def store_of(s3: Any, account: str, region: str) -> Store:
    """The store of an account in a region; it may not exist yet."""
    return Store(s3, f"guestlist-artefacts-{account}-{region}")


def digest_of(template: Mapping[str, Any]) -> str:
    """The digest of a template, independent of the order of its keys."""
    return hashlib.sha256(to_json(dict(template)).encode()).hexdigest()[:32]


def _releases_key(stage: str) -> str:
    return f"stages/{stage}.json"


def _tls_only_policy(bucket: str, region: str) -> dict[str, Any]:
    partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    arn = f"arn:{partition}:s3:::{bucket}"
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
