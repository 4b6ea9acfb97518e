"""Traces of a person in a stage: in every item of its table, and every version of every object of its bucket."""

import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any

import boto3

from guestlist.aws.table import table
from tests.engines.tables import contents

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def names_any(text: str, needles: Collection[str]) -> bool:
    """Whether the text contains one of these texts, which are in lower case."""
    folded = text.lower()
    return any(needle in folded for needle in needles)


def find_traces(bucket: str, needles: Collection[str]) -> Iterator[str]:
    """Find these texts in the table and the bucket, including names and tags of objects."""
    yield from (f"item {item['pk']}" for item in contents(table()) if names_any(_text(item), needles))
    s3 = boto3.client("s3")
    for one in s3.list_object_versions(Bucket=bucket).get("Versions", []):
        whole = s3.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])
        raw = whole["Body"].read()
        texts = (f"{one['Key']} {whole['Metadata']}", *(raw.decode(encoding, "ignore") for encoding in ENCODINGS))
        if any(names_any(text, needles) for text in texts):
            yield f"object {one['Key']}"


def _text(item: Mapping[str, Any]) -> str:
    """The item in words, with what is compressed in it."""
    return str({name: _plain(value) if isinstance(value, bytes) else value for name, value in item.items()})


def _plain(value: bytes) -> str:
    with suppress(zlib.error):
        value = zlib.decompress(value)
    return value.decode(errors="ignore")
