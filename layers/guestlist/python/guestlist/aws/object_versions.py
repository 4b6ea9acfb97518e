"""All versions of the objects in the bucket, so that those that name a person can be found, rewritten and deleted."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from guestlist.aws.bucket import Bucket
from guestlist.erasure.ports import ObjectVersion
from guestlist.imports.import_resolver import REWRITES
from guestlist.imports.model import Source

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectVersionsOutputTypeDef

_REPORTS = "reports/"
_NOT_THERE = {"404", "NoSuchKey", "NotFound", "405", "MethodNotAllowed"}

_FORBIDDEN = {"403", "AccessDenied", "Forbidden"}


class ObjectVersions:
    """Uploaded files, reports and exports, with all their former versions."""

    def __init__(self, client: "S3Client", name: str) -> None:
        self._client = client
        self._name = name

    def versions(self, prefix: str, after: str) -> Iterator[ObjectVersion]:
        """Every version and delete marker below the prefix, of keys greater than `after`."""
        where: Any = {"KeyMarker": after} if after else {}
        while where is not None:
            page = self._client.list_object_versions(Bucket=self._name, Prefix=prefix, **where)
            versions = [
                ObjectVersion(entry["Key"], entry["VersionId"], entry["IsLatest"]) for entry in page.get("Versions", [])
            ]
            marks = page.get("DeleteMarkers", [])
            versions += [
                ObjectVersion(entry["Key"], entry["VersionId"], entry["IsLatest"], marker=True) for entry in marks
            ]
            yield from sorted(versions, key=lambda version: version.key)
            where = _next_page(page)

    def has_multipart_uploads(self, prefix: str) -> bool:
        """Whether a multipart upload below the prefix is unfinished."""
        uploads = self._client.list_multipart_uploads(Bucket=self._name, Prefix=prefix, MaxUploads=1)
        return bool(uploads.get("Uploads"))

    def download(self, source: Source, to: Path) -> None:
        """Download this version of the object to a local file. Raises `FileMissing`."""
        Bucket(self._client, self._name).download(source, to)

    def is_rewritten(self, version: ObjectVersion) -> bool:
        """Whether the newest version of the key replaces this one."""
        return bool(self._newest(version.key).get("Metadata", {}).get(REWRITES) == version.version_id)

    def rewrite(self, version: ObjectVersion, path: Path) -> str:
        """Store the local file as the newest version, recording which one it replaces, and return its version id.

        Running it again stores no second one.
        """
        newest = self._newest(version.key)
        if newest.get("Metadata", {}).get(REWRITES) == version.version_id:
            return str(newest["VersionId"])
        with path.open("rb") as file:
            answer = self._client.put_object(
                Bucket=self._name,
                Key=version.key,
                Body=file,
                ContentType="text/csv; charset=utf-8" if version.key.startswith(_REPORTS) else "text/csv",
                Metadata={**self._options(version), REWRITES: version.version_id},
            )
        return answer["VersionId"]

    def delete_version(self, version: ObjectVersion) -> None:
        """Delete this version permanently; does nothing if it does not exist."""
        self._client.delete_object(Bucket=self._name, Key=version.key, VersionId=version.version_id)

    def _options(self, version: ObjectVersion) -> Mapping[str, str]:
        """The version's metadata, which are options of its import, without `notify`, which may be the erased person."""
        metadata = self._head(Key=version.key, VersionId=version.version_id).get("Metadata", {})
        return {name: value for name, value in metadata.items() if name.lower() != "notify"}

    def _newest(self, key: str) -> "Mapping[str, Any]":
        """The head of the newest version; empty if that is a delete marker or there is none."""
        try:
            return self._head(Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _FORBIDDEN and self._is_deleted(key):
                return {}
            raise

    def _is_deleted(self, key: str) -> bool:
        """Whether the newest version is a delete marker; S3 reveals that only to those who may list the bucket."""
        markers = self._client.list_object_versions(Bucket=self._name, Prefix=key).get("DeleteMarkers", [])
        return any(entry["Key"] == key and entry["IsLatest"] for entry in markers)

    def _head(self, **where: Any) -> "Mapping[str, Any]":
        try:
            return self._client.head_object(Bucket=self._name, **where)
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_THERE:
                return {}
            raise


def _next_page(page: "ListObjectVersionsOutputTypeDef") -> dict[str, str] | None:
    """The parameters for the next page; None after the last one."""
    if not page["IsTruncated"]:
        return None
    return {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}
