"""The own client against boto3's parts on random values: signatures, types, and responses in any chunks."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from string import ascii_letters, digits
from unittest.mock import patch
from zlib import crc32

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from hypothesis import given
from hypothesis import strategies as st

from guestlist.aws.items import marshal_item, unmarshal_item
from guestlist.aws.wire.response import MalformedResponse, Response, read_response
from guestlist.aws.wire.signing import CONTENT_TYPE, Credentials, Scope, signed_headers

WORDS = st.text(ascii_letters + digits + "/+=", min_size=1, max_size=60)
HOSTS = st.from_regex(r"[a-z0-9-]{1,20}(\.[a-z0-9-]{1,20}){0,3}(:[1-9][0-9]{1,3})?", fullmatch=True)
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TARGETS = st.from_regex(r"DynamoDB_20120810\.[A-Z][A-Za-z]{1,20}", fullmatch=True)


@given(
    st.builds(Scope, HOSTS, WORDS, st.just("dynamodb")),
    st.builds(Credentials, WORDS, WORDS, st.just("") | WORDS),
    TARGETS,
    st.binary(max_size=200),
    INSTANTS,
)
def test_a_signature_equals_botocores(
    scope: Scope, credentials: Credentials, target: str, body: bytes, at: datetime
) -> None:
    headers = signed_headers(scope, credentials, target, body, at)
    request = AWSRequest("POST", f"https://{scope.host}/", {"content-type": CONTENT_TYPE, "x-amz-target": target}, body)
    request.headers["host"] = scope.host
    theirs = BotoCredentials(credentials.access_key, credentials.secret_key, credentials.token or None)
    with patch.object(auth, "get_current_datetime", lambda **_: at):
        auth.SigV4Auth(theirs, "dynamodb", scope.region).add_auth(request)
    assert headers["authorization"] == request.headers["Authorization"]
    assert headers["x-amz-date"] == request.headers["X-Amz-Date"]
    assert headers.get("x-amz-security-token") == request.headers.get("X-Amz-Security-Token")


PLAIN = st.text() | st.booleans() | st.integers(-(10**38) + 1, 10**38 - 1) | st.binary(max_size=20) | st.none()
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_values_are_serialized_like_boto3(item: dict[str, object]) -> None:
    serialize = TypeSerializer().serialize
    assert marshal_item(item) == {name: serialize(value) for name, value in item.items() if value is not None}


@given(st.dictionaries(st.text(), VALUES | st.floats(-1e6, 1e6), max_size=5))
def test_serialized_values_are_restored(item: dict[str, object]) -> None:
    assert unmarshal_item(marshal_item(item)) == {name: value for name, value in item.items() if value is not None}


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12))
def test_numbers_are_deserialized_like_boto3(number: object) -> None:
    typed = {"N": str(number)}
    assert unmarshal_item({"n": typed})["n"] == pytest.approx(float(TypeDeserializer().deserialize(typed)))


@pytest.mark.parametrize("value", [float("inf"), float("nan"), {1, 2}, object(), [object()]])
def test_a_value_without_a_dynamodb_type_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        marshal_item({"value": value})


def pieces(content: bytes, cuts: list[int]) -> Iterator[bytes]:
    """The content cut at these places, then its end."""
    places = sorted({cut % (len(content) + 1) for cut in cuts} | {0, len(content)})
    yield from (content[begin:end] for begin, end in pairwise(places))
    while True:
        yield b""


def answer_of(content: bytes, cuts: list[int]) -> Response:
    coming = (piece for piece in pieces(content, cuts))
    rest = b""

    def receive(most: int) -> bytes:
        nonlocal rest
        rest = rest or next(coming)
        chunk, rest = rest[:most], rest[most:]
        return chunk

    return read_response(receive)


def whole(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nX-Amz-Crc32: %d\r\nContent-Length: %d\r\n\r\n" % (crc32(body), len(body)) + body


@given(st.binary(max_size=300), st.lists(st.integers(0, 500), max_size=6))
def test_a_response_is_the_same_in_any_chunks(body: bytes, cuts: list[int]) -> None:
    answer = answer_of(whole(body), cuts).checked()
    assert (answer.status, answer.body) == (200, body)


@given(st.binary(max_size=300), st.integers(0, 10_000), st.lists(st.integers(0, 500), max_size=6))
def test_a_truncated_response_is_never_accepted(body: bytes, end: int, cuts: list[int]) -> None:
    content = whole(body)
    with pytest.raises(MalformedResponse):
        answer_of(content[: end % len(content)], cuts)


@given(st.binary(min_size=1, max_size=300), st.integers(0, 10_000), st.integers(1, 255))
def test_a_corrupted_body_is_not_accepted(body: bytes, at: int, by: int) -> None:
    content = bytearray(whole(body))
    content[len(content) - 1 - at % len(body)] ^= by
    with pytest.raises(MalformedResponse):
        answer_of(bytes(content), []).checked()
