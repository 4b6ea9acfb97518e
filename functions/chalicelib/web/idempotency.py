"""Idempotent requests: a request is run once for each Idempotency-Key, and its repeats get the same response.

While the first attempt runs, a repeat waits for its response. If the first attempt died, a repeat runs the request
again once the claim has lapsed, with the same `Call.request`: services that count pass it on, so that nothing is done
twice.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from time import sleep
from typing import Any

from chalice.app import Response

from chalicelib.web.endpoint import JSON, Call
from chalicelib.web.problems import PROBLEM
from guestlist.aws.digests import digest
from guestlist.aws.idempotency import Claim, IdempotencyStore, Request, StoredResponse
from guestlist.aws.table import checkout_table
from guestlist.model import clock
from guestlist.model.errors import Conflict, Invalid

HEADER = "Idempotency-Key"
_MAX_KEY_LENGTH = 255
_POLL_SECONDS = 0.05
_MAX_POLLS = 60
_NOT_STORED = 429


def key_of(headers: Mapping[str, str]) -> str | None:
    """The Idempotency-Key of a request, if any. Raises `Invalid`."""
    key = headers.get(HEADER)
    if key is not None and not (0 < len(key) <= _MAX_KEY_LENGTH and key.isprintable()):
        raise Invalid.field(HEADER, "bad_key")
    return key


def once(call: Call, key: str, content: Sequence[Any], run_handler: Callable[[Call], Response]) -> Response:
    """The response to a request, which is run unless an earlier one with the key was; `content` identifies the request.

    Raises `Conflict` if the key was used for another request, or while the first one has not ended.
    """
    request = Request(call.org, call.token.name, key, digest(json.dumps(content, sort_keys=True)))
    store = IdempotencyStore(checkout_table())
    for claimed in _claims(store, request):
        if isinstance(claimed, StoredResponse):
            return _response(claimed)
        if isinstance(claimed, Claim):
            call_of_request = replace(
                call, request=digest(request.org, request.token_name, key), began_at=claimed.began_at
            )
            return _store_response(store, request, run_handler(call_of_request))
    raise Conflict("still_running")


def _claims(store: IdempotencyStore, request: Request) -> Iterator[Claim | StoredResponse | None]:
    for _ in range(_MAX_POLLS):
        yield store.claim(request, clock.now())
        sleep(_POLL_SECONDS)


def _store_response(store: IdempotencyStore, request: Request, response: Response) -> Response:
    if response.status_code >= 500 or response.status_code == _NOT_STORED:
        store.release(request)
        return response
    first = StoredResponse(response.status_code, response.body)
    stored_response = store.save_response(request, first)
    return response if stored_response == first else _response(stored_response)


def _response(first: StoredResponse) -> Response:
    media_type = JSON if first.status < 400 else PROBLEM
    return Response(first.body, {"Content-Type": media_type}, first.status)
