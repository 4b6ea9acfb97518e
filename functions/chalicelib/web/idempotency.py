"""Idempotent requests: with the same Idempotency-Key they are carried out once and get the same response.

While the first one runs, a second one waits for its response. If the first one died, a second one carries the request
out once the claim has lapsed, with the same `Call.request`: services that count pass it on, so that nothing the first
one did is done twice.
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
_LONGEST = 255
_PAUSE = 0.05
_PAUSES = 60
_NOT_KEPT = 429


def key_of(headers: Mapping[str, str]) -> str | None:
    """The Idempotency-Key of a request, if any. Raises `Invalid`."""
    key = headers.get(HEADER)
    if key is not None and not (0 < len(key) <= _LONGEST and key.isprintable()):
        raise Invalid.field(HEADER, "bad_key")
    return key


def once(call: Call, key: str, content: Sequence[Any], carried_out: Callable[[Call], Response]) -> Response:
    """The response to a request, carried out now or before. Requests with the same `content` are the same request.

    Raises `Conflict` if the key was used for another request, or while the first one has not ended.
    """
    request = Request(call.org, call.token.name, key, digest(json.dumps(content, sort_keys=True)))
    answers = IdempotencyStore(checkout_table())
    for claimed in _claims(answers, request):
        if isinstance(claimed, StoredResponse):
            return _response(claimed)
        if isinstance(claimed, Claim):
            call_of_request = replace(
                call, request=digest(request.org, request.token_name, key), began_at=claimed.began_at
            )
            return _store_response(answers, request, carried_out(call_of_request))
    raise Conflict("still_running")


def _claims(answers: IdempotencyStore, request: Request) -> Iterator[Claim | StoredResponse | None]:
    for _ in range(_PAUSES):
        yield answers.claim(request, clock.now())
        sleep(_PAUSE)


def _store_response(answers: IdempotencyStore, request: Request, response: Response) -> Response:
    if response.status_code >= 500 or response.status_code == _NOT_KEPT:
        answers.forget(request)
        return response
    first = StoredResponse(response.status_code, response.body)
    stored_response = answers.keep(request, first)
    return response if stored_response == first else _response(stored_response)


def _response(first: StoredResponse) -> Response:
    media_type = JSON if first.status < 400 else PROBLEM
    return Response(first.body, {"Content-Type": media_type}, first.status)
