"""Exports of groups: a record of each in the table, and its parts in the bucket."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from guestlist.aws import conditions, keys
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.exports.service import Export
from guestlist.model.errors import ConcurrentModification

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef
    from pydantic import TypeAdapter

RETENTION = timedelta(days=1)
"""As long as that of its file: an abandoned export may never be requested again."""
_CSV = "text/csv; charset=utf-8"


class Exports:
    """The exports of all organisers' groups."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get_export(self, org: str, group_id: str, name: str = "") -> Export | None:
        """The current export of the group with this name; None without one."""
        item = self._table.get(keys.export(org, group_id, name))
        return replace(_adapter().validate_json(item["export"]), revision=item["revision"]) if item else None

    def save_export(self, export: Export) -> Export:
        """Save the export as its next revision. Raises `ConcurrentModification`."""
        next_revision = replace(export, revision=export.revision + 1)
        item = {
            **_key(export)._asdict(),
            "revision": next_revision.revision,
            "ttl": int((export.heard_at + RETENTION).timestamp()),
            "export": _adapter().dump_json(next_revision, exclude={"revision"}, exclude_defaults=True).decode(),
        }
        try:
            self._table.put(item, when=_unchanged(export) if export.revision else conditions.absent())
        except ConditionFailed as error:
            raise ConcurrentModification from error
        return next_revision

    def delete_export(self, export: Export) -> None:
        """Delete the export. Raises `ConcurrentModification`."""
        try:
            self._table.delete(_key(export), when=_unchanged(export))
        except ConditionFailed as error:
            raise ConcurrentModification from error

    def delete_exports(self, org: str, group_id: str) -> bool:
        """Delete all exports of the group; returns whether a worker is creating one, until its next part."""
        prefix = keys.export(org, group_id)
        items = list(self._table.query_all(prefix.pk, begins=prefix.sk))
        self._table.delete_many(Key(item["pk"], item["sk"]) for item in items)
        return any(_adapter().validate_json(item["export"]).working for item in items)


def _key(export: Export) -> Key:
    return keys.export(export.organiser_id, export.group_id, export.name)


class ExportFiles:
    """Files in an S3 bucket, stored at once or in parts; a multipart file becomes visible when it is complete."""

    def __init__(self, client: "S3Client", name: str) -> None:
        self._client = client
        self._name = name

    def put_file(self, key: str, text: bytes) -> None:
        """Store a complete file."""
        self._client.put_object(Bucket=self._name, Key=key, Body=text, ContentType=_CSV)

    def begin_upload(self, key: str) -> str:
        """Begin a multipart file and return its upload id."""
        return self._client.create_multipart_upload(Bucket=self._name, Key=key, ContentType=_CSV)["UploadId"]

    def upload_part(self, key: str, upload_id: str, number: int, text: bytes) -> str:
        """Store a part, numbered from 1, and return its ETag."""
        uploaded = self._client.upload_part(
            Bucket=self._name, Key=key, UploadId=upload_id, PartNumber=number, Body=text
        )
        return uploaded["ETag"]

    def complete_upload(self, key: str, upload_id: str, parts: Sequence[str]) -> None:
        """Complete the file from these parts."""
        numbered: list[CompletedPartTypeDef] = [
            {"PartNumber": number, "ETag": etag} for number, etag in enumerate(parts, start=1)
        ]
        self._client.complete_multipart_upload(
            Bucket=self._name, Key=key, UploadId=upload_id, MultipartUpload={"Parts": numbered}
        )


def _unchanged(export: Export) -> conditions.Condition:
    return conditions.equals("revision", export.revision)


@cache
def _adapter() -> "TypeAdapter[Export]":
    from pydantic import TypeAdapter

    return TypeAdapter(Export)
