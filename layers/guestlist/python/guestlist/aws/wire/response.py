"""HTTP responses: parsed and verified, or refused as malformed."""

import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

_MAX_HEAD = 64 * 1024
_MAX_BODY = 64 * 1024 * 1024
_CHUNK = 64 * 1024
_END = b"\r\n\r\n"


class MalformedResponse(Exception):
    """The response is incomplete or invalid."""


class Response(NamedTuple):
    """An HTTP response: status, headers by lower-case name, and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def last(self) -> bool:
        """Whether the server closes the connection after this response."""
        return self.headers.get("connection", "").lower() == "close"

    def checked(self) -> "Response":
        """The response itself, if its checksum is right or it has none. Raises `MalformedResponse`."""
        checksum = self.headers.get("x-amz-crc32")
        if checksum is not None and checksum != str(zlib.crc32(self.body)):
            raise MalformedResponse("the checksum is wrong")
        return self

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises `MalformedResponse`."""
        try:
            document = orjson.loads(self.body)
        except ValueError as error:
            raise MalformedResponse("the body is not JSON") from error
        if not isinstance(document, dict):
            raise MalformedResponse("the body is not an object")
        return document


def read_response(receive: Callable[[int], bytes]) -> Response:
    """Read a response from a function that returns up to so many bytes, and no bytes at the end.

    Raises `MalformedResponse`.
    """
    data = receive(_CHUNK)
    while _END not in data:
        piece = receive(_CHUNK) if 0 < len(data) < _MAX_HEAD else b""
        if not piece:
            raise MalformedResponse("the connection ended before a response" if not data else "the headers do not end")
        data += piece
    head, _, body = data.partition(_END)
    status, headers = _head(head)
    length = _length(headers)
    if len(body) < length:
        body = _read_body(receive, body, length)
    if len(body) > length:
        raise MalformedResponse("more came than was announced")
    return Response(status, headers, body)


def _head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, status_text = first.partition(" ")
    if not version.startswith("HTTP/1.") or not status_text[:3].isdecimal():
        raise MalformedResponse("this is not HTTP")
    pairs = [line.partition(":") for line in lines]
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    if version == "HTTP/1.0":
        headers.setdefault("connection", "close")
    return int(status_text[:3]), headers


def _length(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length", "")
    if "transfer-encoding" in headers or not (text.isascii() and text.isdecimal()) or int(text) > _MAX_BODY:
        raise MalformedResponse("the response does not say how long it is")
    return int(text)


def _read_body(receive: Callable[[int], bytes], beginning: bytes, length: int) -> bytes:
    body = bytearray(beginning)
    while len(body) < length:
        piece = receive(min(length - len(body), 1024 * 1024))
        if not piece:
            raise MalformedResponse("the body ends too early")
        body += piece
    return bytes(body)
