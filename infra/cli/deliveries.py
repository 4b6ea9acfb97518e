"""The deliveries to a webhook."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

from .client import Api
from .outcome import Failure

Json = dict[str, Any]
_PAUSE = 2.0


def webhook_id(api: Api, explicit_id: str | None) -> str:
    """The id of this webhook, or of the only one. Raises `Failure` if it is ambiguous."""
    if explicit_id is not None:
        return explicit_id
    ids = [str(one["webhook_id"]) for one in api.items("/v1/webhooks")]
    if len(ids) == 1:
        return ids[0]
    raise Failure(f"Say which webhook: {', '.join(ids)}." if ids else "There is no webhook.")


def deliveries(api: Api, webhook: str, last: int, *, follow: bool) -> Iterator[Json]:
    """The last deliveries, oldest first; with `follow`, then each that is new or was tried again."""
    states: dict[str, tuple[str, int]] = {}
    for round_ in count():
        if round_:
            api.pause(_PAUSE)
        for one in reversed(list(api.items(f"/v1/webhooks/{webhook}/deliveries", last))):
            now = (one["status"], len(one["attempts"]))
            if states.get(one["delivery_id"]) != now:
                states[one["delivery_id"]] = now
                yield one
        if not follow:
            return


def as_line(delivery: Json) -> str:
    """The delivery and the result of its last attempt, on one line."""
    parts = (delivery["created_at"], delivery["type"], delivery["status"], _outcome(delivery))
    return "  ".join((*parts, json.dumps(delivery["payload"], ensure_ascii=False)))


def _outcome(delivery: Json) -> str:
    if not delivery["attempts"]:
        return "not tried yet"
    last = delivery["attempts"][-1]
    return str(last["status_code"] or last["error"])
