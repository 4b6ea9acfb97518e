"""Items of counters, redemptions and notes of holds in the table."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from guestlist.aws import keys
from guestlist.aws.due import due_attributes, instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.checkout.counting import RETURN_SLOTS, Counter, HoldNote, ReturnStep, Step, TakeStep, Uses
from guestlist.checkout.redemption import MAX_QUANTITY_WITH_STEPS, CounterKey, Redemption, Status
from guestlist.lists.entry import code_key

HOLDS = "hold"
"""Kind of due work: ends of holds."""
SHARDS = 8
"""Number of partitions of a code in the index of redemptions."""
STEP = "s_"
USE = "u_"
"""Prefix of the names of requests whose step was removed, but whose redemptions are still found by the counter."""
RETURNS = "r"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


def uses_of(counter_items: Iterable[Item], open_items: Iterable[Item], *, has_more: bool) -> Uses:
    """Parse the uses of one key from the items of its counters and lapsed notes, and of its other notes."""
    counter_items = list(counter_items)
    return Uses(
        counters={CounterKey(item["pk"], item["sk"]): counter_of(item) for item in counter_items if "taken" in item},
        lapsed=tuple(hold_note_of(item) for item in counter_items if "taken" not in item),
        open=tuple(map(hold_note_of, open_items)),
        has_more=has_more,
    )


def counter_of(item: Item) -> Counter:
    """Parse the item of a counter."""
    counter_key = CounterKey(item["pk"], item["sk"])
    step_texts = {name.removeprefix(STEP): text for name, text in item.items() if name.startswith(STEP)}
    steps = {request: _step(counter_key, request, text) for request, text in step_texts.items()}
    returns = {slot: item[f"{RETURNS}{slot}"] for slot in range(RETURN_SLOTS) if f"{RETURNS}{slot}" in item}
    return Counter(item["taken"], steps, item.get("share"), item.get("cap"), returns)


def requests_on(counter: Item) -> list[str]:
    """The requests that the item of a counter names, in steps or by the names that these left."""
    return [name[len(STEP) :] for name in counter if name.startswith((STEP, USE))]


def step_text(step: Step) -> str:
    """The step as a short text: its identity, and what is needed to complete it."""
    if isinstance(step, ReturnStep):
        values = ["g", step.attempt, step.generation, step.quantity, _micros(step.at), step.revision]
    else:
        redemption = step.redemption
        hold = _micros(redemption.until) - _micros(redemption.at) if redemption.until else 0
        values = [
            "t",
            redemption.attempt,
            redemption.generation,
            redemption.quantity,
            _micros(redemption.at),
            redemption.limit,
            hold,
        ]
    return json.dumps(values, separators=(",", ":"))


def former_step_text(step: Step) -> str:
    """The text of the step as earlier releases wrote it, which may still be on a counter."""
    if isinstance(step, ReturnStep):
        values = ["give", step.attempt, step.generation, step.quantity, instant(step.at), step.revision]
    else:
        redemption = step.redemption
        until = instant(redemption.until) if redemption.until else None
        values = [
            "take",
            redemption.attempt,
            redemption.generation,
            redemption.quantity,
            instant(redemption.at),
            redemption.limit,
            redemption.group_id,
        ]
        values.append(until)
    return json.dumps(values, separators=(",", ":"))


def _step(counter_key: CounterKey, request: str, text: str) -> Step:
    kind, attempt, generation, quantity, started, *details = json.loads(text)
    at = datetime.fromisoformat(started) if isinstance(started, str) else _EPOCH + started * _MICRO
    if kind in {"give", "g"}:
        return ReturnStep(
            request=request, generation=generation, revision=details[0], attempt=attempt, quantity=quantity, at=at
        )
    if kind == "take":
        limit, group_id, end = details
        by_step = False
        until = datetime.fromisoformat(end) if end else None
    else:
        limit, hold_micros = details
        group_id = _group_of(counter_key)
        until = at + hold_micros * _MICRO if hold_micros else None
        by_step = until is not None and limit <= MAX_QUANTITY_WITH_STEPS
    redemption = Redemption(
        request=request,
        generation=generation,
        attempt=attempt,
        counter_key=counter_key,
        group_id=group_id,
        quantity=quantity,
        limit=limit,
        at=at,
        status=Status.HELD if until else Status.REDEEMED,
        until=until,
        by_step=by_step,
    )
    return TakeStep(redemption=redemption)


def _group_of(counter_key: CounterKey) -> str:
    """The id of the group whose list has the entry, from its counter's key."""
    return counter_key.entry.partition("#")[2].rpartition("#")[0]


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICRO


def redemption_item(org: str, redemption: Redemption) -> Item:
    """The item of a redemption; that of a hold is in the due index at its end."""
    key = keys.redemption(org, redemption.request)
    due = redemption.until if redemption.status is Status.HELD else None
    values: dict[str, Any] = {name: getattr(redemption, name) for name in _UNCHANGED_FIELDS}
    return {
        **key._asdict(),
        **values,
        "partition": redemption.counter_key.partition,
        "entry": redemption.counter_key.entry,
        "status": redemption.status.value,
        "at": instant(redemption.at),
        "until": instant(redemption.until) if redemption.until else None,
        "confirmed": redemption.confirmed or None,
        "agreed": redemption.committed_return,
        "calls": list(redemption.calls),
        "by_step": redemption.by_step or None,
        "by_counter": redemption.by_counter or None,
        **{name: getattr(redemption, name) or None for name in _TEXT_FIELDS},
        **_index_attributes(org, redemption),
        **due_attributes(HOLDS, key, due),
    }


def _index_attributes(org: str, redemption: Redemption) -> Item:
    """The attributes of a redemption of a code in the listing index, unless its counter names it."""
    if not redemption.code or redemption.is_on_counter:
        return {}
    shard = int(redemption.request[-1], 16) % SHARDS
    return {
        "g1pk": keys.redemptions_of_code(org, code_key(redemption.code), shard),
        "g1sk": list_sort_key(redemption),
    }


def list_sort_key(redemption: Redemption) -> str:
    """Sort key of lists of redemptions: the instant and the request."""
    return f"{instant(redemption.at)}#{redemption.request}"


def redemption_of(item: Item) -> Redemption:
    """Parse the item of a redemption."""
    return Redemption(
        **{name: item[name] for name in _UNCHANGED_FIELDS},
        counter_key=CounterKey(item["partition"], item["entry"]),
        status=Status(item["status"]),
        at=datetime.fromisoformat(item["at"]),
        until=datetime.fromisoformat(item["until"]) if "until" in item else None,
        confirmed=item.get("confirmed", 0),
        committed_return=item["agreed"],
        calls=tuple(item["calls"]),
        by_step=item.get("by_step", False),
        by_counter=item.get("by_counter", False),
        **{name: item.get(name, "") for name in _TEXT_FIELDS},
    )


def hold_note_key(note: HoldNote) -> Key:
    """The key of a hold's note: sorted by its end, unique per attempt."""
    name = f"{note.request}-{note.generation}-{note.attempt}"
    return keys.hold(note.counter_key.partition, instant(note.until), name)


def hold_note_item(note: HoldNote) -> Item:
    """The item of a hold's note."""
    values = {name: getattr(note, name) for name in ("request", "generation", "attempt", "quantity")}
    return {**hold_note_key(note)._asdict(), **values, "entry": note.counter_key.entry, "until": instant(note.until)}


def hold_note_of(item: Item) -> HoldNote:
    """Parse the item of a hold's note."""
    return HoldNote(
        counter_key=CounterKey(item["pk"], item["entry"]),
        request=item["request"],
        generation=item["generation"],
        attempt=item["attempt"],
        quantity=item["quantity"],
        until=datetime.fromisoformat(item["until"]),
    )


ENTRY_TEXTS = ("code", "email", "category", "seat")
_TEXT_FIELDS = ("order_id", *ENTRY_TEXTS)
_UNCHANGED_FIELDS = (
    "request",
    "generation",
    "attempt",
    "group_id",
    "quantity",
    "limit",
    "remaining",
    "returned",
    "revision",
)
