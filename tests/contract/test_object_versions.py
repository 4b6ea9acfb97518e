"""All versions of objects, on the engine that keeps them."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from guestlist.aws.object_versions import ObjectVersions
from guestlist.erasure.ports import ObjectVersion
from guestlist.imports.import_resolver import REWRITES

KEY = "uploads/demo/imp-1"


@pytest.fixture
def originals(s3: Any, bucket_name: str) -> ObjectVersions:
    return ObjectVersions(s3, bucket_name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.csv"
    path.write_text("Code\nA\n")
    return path


def put(s3: Any, bucket_name: str, key: str = KEY) -> str:
    return str(s3.put_object(Bucket=bucket_name, Key=key, Body=b"Code\nold\n")["VersionId"])


def test_all_versions_are_listed_and_the_newest_is_marked(s3: Any, bucket_name: str, originals: ObjectVersions) -> None:
    first, second = put(s3, bucket_name), put(s3, bucket_name)
    put(s3, bucket_name, "uploads/other/imp-1")
    newest_by_version = {version.version_id: version.newest for version in originals.versions("uploads/demo/", "")}
    assert newest_by_version == {first: False, second: True}


def test_delete_markers_are_listed_as_such(s3: Any, bucket_name: str, originals: ObjectVersions) -> None:
    put(s3, bucket_name)
    s3.delete_object(Bucket=bucket_name, Key=KEY)
    assert sorted(version.marker for version in originals.versions("uploads/demo/", "")) == [False, True]


def test_versions_are_listed_after_a_key(s3: Any, bucket_name: str, originals: ObjectVersions) -> None:
    object_keys = [f"uploads/demo/imp-{number}" for number in range(3)]
    for key in object_keys:
        put(s3, bucket_name, key)
    assert [version.key for version in originals.versions("uploads/demo/", object_keys[0])] == object_keys[1:]


def test_deleting_a_version_twice_is_no_error(s3: Any, bucket_name: str, originals: ObjectVersions) -> None:
    version = ObjectVersion(KEY, put(s3, bucket_name), newest=True)
    for _ in range(2):
        originals.delete_version(version)
    assert list(originals.versions("uploads/", "")) == []


def test_a_rewritten_file_names_the_version_that_it_replaces(
    s3: Any, bucket_name: str, originals: ObjectVersions, file: Path
) -> None:
    version = ObjectVersion(KEY, put(s3, bucket_name), newest=True)
    assert not originals.is_rewritten(version)
    version_id = originals.rewrite(version, file)
    assert originals.is_rewritten(version)
    assert s3.get_object(Bucket=bucket_name, Key=KEY, VersionId=version_id)["Body"].read() == b"Code\nA\n"
    assert s3.head_object(Bucket=bucket_name, Key=KEY)["Metadata"] == {REWRITES: version.version_id}


def test_rewriting_a_file_again_adds_no_version(
    s3: Any, bucket_name: str, originals: ObjectVersions, file: Path
) -> None:
    version = ObjectVersion(KEY, put(s3, bucket_name), newest=True)
    assert originals.rewrite(version, file) == originals.rewrite(version, file)
    assert len(list(originals.versions("uploads/", ""))) == 2


def test_a_multipart_upload_in_progress_is_detected(s3: Any, bucket_name: str, originals: ObjectVersions) -> None:
    assert not originals.has_multipart_uploads("exports/demo/")
    upload = s3.create_multipart_upload(Bucket=bucket_name, Key="exports/demo/g1/e1.csv")
    assert originals.has_multipart_uploads("exports/demo/")
    s3.abort_multipart_upload(Bucket=bucket_name, Key="exports/demo/g1/e1.csv", UploadId=upload["UploadId"])
    assert not originals.has_multipart_uploads("exports/demo/")


def test_a_rewritten_file_keeps_its_reading_options_but_not_the_address_to_notify(
    s3: Any, bucket_name: str, originals: ObjectVersions, file: Path
) -> None:
    metadata = {"mode": "append", "notify": "ann@example.com"}
    put = s3.put_object(Bucket=bucket_name, Key=KEY, Body=b"Code\nold\n", Metadata=metadata)
    originals.rewrite(ObjectVersion(KEY, put["VersionId"], newest=True), file)
    assert s3.head_object(Bucket=bucket_name, Key=KEY)["Metadata"] == {"mode": "append", REWRITES: put["VersionId"]}


def forbidden(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer as S3 does to one who may not list a key that is not there."""

    def head(**_where: Any) -> None:
        raise ClientError({"Error": {"Code": "403", "Message": "Forbidden"}}, "HeadObject")

    monkeypatch.setattr(s3, "head_object", head)


def test_a_delete_marker_that_may_not_be_read_is_not_the_rewritten_file(
    s3: Any, bucket_name: str, originals: ObjectVersions, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = ObjectVersion(KEY, put(s3, bucket_name), newest=False)
    s3.delete_object(Bucket=bucket_name, Key=KEY)
    forbidden(s3, monkeypatch)
    assert not originals.is_rewritten(version)


def test_a_file_that_may_not_be_read_is_an_error(
    s3: Any, bucket_name: str, originals: ObjectVersions, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = ObjectVersion(KEY, put(s3, bucket_name), newest=True)
    forbidden(s3, monkeypatch)
    with pytest.raises(ClientError):
        originals.is_rewritten(version)
