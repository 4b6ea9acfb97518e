"""The bucket, on the engine that enforces what a form allows."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from guestlist.aws.bucket import Bucket
from guestlist.imports.model import Source
from guestlist.imports.ports import FileMissing
from tests.fakes.imports import START

HOUR = timedelta(hours=1)


@pytest.fixture
def bucket(s3: Any, bucket_name: str) -> Bucket:
    return Bucket(s3, bucket_name)


@pytest.fixture
def version(s3: Any, bucket_name: str) -> Callable[[str], Source]:
    """The newest version of an object."""

    def newest(key: str) -> Source:
        head = s3.head_object(Bucket=bucket_name, Key=key)
        return Source(key=key, version_id=head["VersionId"], size=3, modified=START)

    return newest


def upload_status(bucket: Bucket, key: str, data: bytes, most: int = 100, sent_as: str | None = None) -> int:
    form = bucket.create_upload_form(key, most, HOUR)
    return requests.post(form.url, {**form.fields, "key": sent_as or key}, files={"file": data}, timeout=10).status_code


@pytest.mark.behaviour(26)
def test_a_form_uploads_a_file_straight_to_the_bucket(
    bucket: Bucket, version: Callable[[str], Source], tmp_path: Path
) -> None:
    assert upload_status(bucket, "uploads/demo/one", b"abc") == 204
    bucket.download(version("uploads/demo/one"), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"abc"


def test_a_form_takes_an_empty_file(bucket: Bucket) -> None:
    assert upload_status(bucket, "uploads/demo/empty", b"") == 204


def test_a_form_refuses_a_file_over_its_limit(bucket: Bucket) -> None:
    assert upload_status(bucket, "uploads/demo/large", b"x" * 101) == 400


def test_a_form_refuses_any_other_key(bucket: Bucket) -> None:
    assert upload_status(bucket, "uploads/demo/two", b"abc", sent_as="uploads/other/two") == 403


def test_the_named_version_is_fetched_although_a_newer_one_exists(
    bucket: Bucket, version: Callable[[str], Source], tmp_path: Path
) -> None:
    upload_status(bucket, "uploads/demo/three", b"old")
    old = version("uploads/demo/three")
    upload_status(bucket, "uploads/demo/three", b"new")
    bucket.download(old, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert version("uploads/demo/three") != old


def test_a_missing_version_raises_file_missing(bucket: Bucket, tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        bucket.download(Source(key="uploads/demo/none", version_id="x", size=0, modified=START), tmp_path / "file")


def test_a_report_is_downloaded_under_its_name(bucket: Bucket, tmp_path: Path) -> None:
    (tmp_path / "report").write_bytes("é\n".encode())
    bucket.upload("reports/demo/refused.csv", tmp_path / "report", "text/csv; charset=utf-8")
    answer = requests.get(bucket.link("reports/demo/refused.csv", "friends refused.csv", HOUR), timeout=10)
    assert answer.content == "é\n".encode()
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
