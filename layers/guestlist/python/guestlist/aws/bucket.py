"""The S3 bucket: the files that organisers upload and the reports they download."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from guestlist.aws.clients import s3
from guestlist.aws.settings import settings
from guestlist.imports.model import Source
from guestlist.imports.ports import FileMissing

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CHUNK = 1 << 20
_FORBIDDEN = {"AccessDenied", "403"}
_NOT_THERE = {"NoSuchKey", "NoSuchVersion", "404", "NotFound", "MethodNotAllowed", "405"}


@dataclass(frozen=True, slots=True)
class UploadForm:
    """A pre-signed POST: the URL to upload a file to, and the form fields that must precede it."""

    url: str
    fields: Mapping[str, str]


class Bucket:
    """One S3 bucket, versioned."""

    def __init__(self, client: "S3Client", name: str) -> None:
        self._client = client
        self._name = name

    def create_upload_form(self, key: str, max_size: int, lifetime: timedelta) -> UploadForm:
        """A pre-signed POST that accepts only this key and at most `max_size` bytes."""
        post = self._client.generate_presigned_post(
            self._name,
            key,
            Conditions=[["content-length-range", 0, max_size]],
            ExpiresIn=int(lifetime.total_seconds()),
        )
        return UploadForm(post["url"], post["fields"])

    @property
    def address(self) -> str:
        """The base URL of every form and link that browsers use."""
        return str(self._client.generate_presigned_post(self._name, "")["url"])

    def link(self, key: str, file_name: str, lifetime: timedelta) -> str:
        """A pre-signed URL from which a browser downloads the object under this file name."""
        disposition = f'attachment; filename="{file_name}"'
        parameters = {"Bucket": self._name, "Key": key, "ResponseContentDisposition": disposition}
        return self._client.generate_presigned_url("get_object", parameters, ExpiresIn=int(lifetime.total_seconds()))

    def download(self, source: Source, to: Path) -> None:
        """Download this version of the object to a local file. Raises `FileMissing`."""
        try:
            answer = self._client.get_object(Bucket=self._name, Key=source.key, VersionId=source.version_id)
        except ClientError as error:
            raise _translated(error) from error
        with to.open("wb") as file:
            for chunk in answer["Body"].iter_chunks(_CHUNK):
                file.write(chunk)

    def upload(self, key: str, path: Path, content_type: str) -> None:
        """Upload a local file, in parts if it is large."""
        self._client.upload_file(str(path), self._name, key, ExtraArgs={"ContentType": content_type})

    def discard(self, source: Source) -> None:
        """Delete this version of the object permanently."""
        self._client.delete_object(Bucket=self._name, Key=source.key, VersionId=source.version_id)

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store bytes."""
        self._client.put_object(Bucket=self._name, Key=key, Body=content, ContentType=content_type)

    def read(self, key: str, begin: int, end: int) -> bytes:
        """The object's bytes from `begin` to before `end`. Raises `FileMissing`."""
        try:
            answer = self._client.get_object(Bucket=self._name, Key=key, Range=f"bytes={begin}-{end - 1}")
        except ClientError as error:
            if error.response["Error"]["Code"] in _FORBIDDEN:  # S3's answer for a missing key without ListBucket
                raise FileMissing from error
            raise _translated(error) from error
        return answer["Body"].read()

    def store(self, key: str, path: Path) -> str:
        """Upload a local file in one request and return its version id."""
        with path.open("rb") as file:
            return self._client.put_object(Bucket=self._name, Key=key, Body=file)["VersionId"]

    def delete(self, key: str, version_id: str) -> None:
        """Delete this version of the object permanently."""
        self._client.delete_object(Bucket=self._name, Key=key, VersionId=version_id)

    def delete_all(self, prefix: str, but: Container[str] = ()) -> None:
        """Delete every version of every object below the prefix permanently, except of these keys."""
        for page in self._client.get_paginator("list_object_versions").paginate(Bucket=self._name, Prefix=prefix):
            for one in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                if one["Key"] not in but:
                    self.delete(one["Key"], one["VersionId"])

    def metadata(self, source: Source) -> Mapping[str, str]:
        """The object's metadata: names in lower case, values as text. Raises `FileMissing`."""
        try:
            answer = self._client.head_object(Bucket=self._name, Key=source.key, VersionId=source.version_id)
        except ClientError as error:
            raise _translated(error) from error
        return {name.lower().replace("-", "_"): value for name, value in answer["Metadata"].items()}


def _translated(error: ClientError) -> Exception:
    return FileMissing() if error.response["Error"]["Code"] in _NOT_THERE else error


@cache
def bucket() -> Bucket:
    """The bucket of this stage."""
    return Bucket(s3(), settings().bucket)
