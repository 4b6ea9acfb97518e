"""The table that keeps nothing, by which benchmarks are held to their work."""

from collections.abc import Iterator

import boto3
import pytest

from guestlist.aws.boto import Boto
from guestlist.aws.keys import Key
from guestlist.aws.table import Table
from tests.benchmarks.null_endpoint import NullEndpoint, null_endpoint, size

ITEMS = [
    {"pk": {"S": "list"}, "sk": {"S": "a"}, "uses": {"N": "3"}},
    {"pk": {"S": "list"}, "sk": {"S": "b"}},
    {"pk": {"S": "other"}, "sk": {"S": "a"}},
]


@pytest.fixture(scope="module")
def running() -> Iterator[NullEndpoint]:
    """One for all tests of this file."""
    with null_endpoint(ITEMS) as endpoint:
        yield endpoint


@pytest.fixture
def endpoint(running: NullEndpoint) -> NullEndpoint:
    """The same, with nothing counted."""
    running.reset()
    return running


@pytest.fixture
def table(endpoint: NullEndpoint) -> Table:
    """A table of ours that speaks to it through boto3."""
    secret = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return Table(
        Boto(boto3.client("dynamodb", region_name="eu-west-1", endpoint_url=endpoint.address, **secret)), "table"
    )


def test_every_item_written_is_counted_with_its_units(table, endpoint):
    table.put_many([{"pk": f"p{number}", "sk": "s", "text": "x" * 1_100} for number in range(30)])
    counts = endpoint.counts()
    assert (counts["requests"], counts["BatchWriteItem"], counts["items"], counts["units"]) == (2, 2, 30, 60)


def test_every_byte_sent_is_counted(table, endpoint):
    table.put({"pk": "p", "sk": "s", "text": "x" * 5_000})
    assert 5_000 < endpoint.counts()["bytes"] < 5_200


def test_an_item_is_found_by_key(table, endpoint):
    items = table.get(Key("list", "a")), table.get(Key("list", "c"))
    assert (items, endpoint.counts()["read"]) == (({"pk": "list", "sk": "a", "uses": 3}, None), 1)


def test_items_are_found_by_many_keys(table):
    keys = [Key("list", "a"), Key("other", "a"), Key("other", "b")]
    assert table.get_many(keys).keys() == {*keys[:2]}


@pytest.mark.parametrize(
    ("how", "expected"), [({}, ["a", "b"]), ({"begins": "b"}, ["b"]), ({"between": ("a", "a")}, ["a"])]
)
def test_items_are_found_by_partition(table, how, expected):
    assert [item["sk"] for item in table.query("list", **how).items] == expected


def test_each_repeated_read_is_counted(table, endpoint):
    for _ in range(3):
        table.get(Key("list", "a"))
    assert (endpoint.counts()["GetItem"], endpoint.counts()["read"]) == (3, 3)


def test_written_items_are_not_stored(table):
    table.put({"pk": "new", "sk": "s"})
    assert table.get(Key("new", "s")) is None


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"pk": {"S": "é"}}, 4),
        ({"n": {"N": "1234"}}, 4),
        ({"m": {"M": {"a": {"S": "b"}}}}, 7),
        ({"l": {"L": [{"BOOL": True}]}}, 6),
    ],
    ids=["text", "number", "map", "list"],
)
def test_the_size_of_an_item_is_that_of_its_names_and_values(item, expected):
    assert size(item) == expected
