"""Objects put, replaced and deleted in any order, with events that come late, twice and in another order."""

import json
from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any

import boto3

from tests.quick.api import Api
from tests.quick.fuzzing import odd_text
from tests.quick.stack import Stack
from tests.quick.traces import find_traces

HEADERS = {
    "target-groups": ("Code,Email,Quantity", "A{n},a{n}@example.com,1"),
    "customers": ("Email,Name,Groups", "a{n}@example.com,Ann {n},Friends"),
    "tickets": ("Ticket code,Email,Category", "T{n},a{n}@example.com,Gold"),
    "purchases": ("Order,Email,Sale item,Quantity,Date", "{n},a{n}@example.com,early-bird,1,2026-11-0{n}"),
}
PLACES = {
    "target-groups": "target-groups/Codes/",
    "customers": "customers/",
    "tickets": "tickets/spring-concert/continue/",
    "purchases": "purchases/",
}
METADATA = {
    "mapping": ['{"Code": 0}', "[" * 1_500, '{"email": "Email"}', "7"],
    "consent": ["true", "false", "maybe"],
    "notify": ["anna@example.com", "nobody"],
    "review": ["true", "1"],
    "on-error": ["abort", "skip"],
    "delimiter": [";", "x" * 500],
    "encoding": ["utf-16", "klingon"],
    "header-rows": ["0", "-1", "99999999999"],
    "rewrites": ["anything", ""],
}
_END = ["complete", "partial", "failed", "cancelled", "awaiting_review", "awaiting_upload"]
_MAX_ROUNDS = 200


class Bucket:
    """The bucket of a stage with careless users; `done` has their actions."""

    def __init__(self, stack: Stack, apis: Mapping[str, Api]) -> None:
        self._stack, self._apis = stack, apis
        self._s3: Any = boto3.client("s3")
        self._keys: list[str] = []
        self._messages: list[dict[str, Any]] = []
        self.done: list[str] = []

    def round(self, dice: Random) -> Counter[str]:
        """Take some actions, deliver all messages and check the laws; returns the statuses of imports."""
        for _ in range(dice.randrange(4, 12)):
            act = dice.choice([self._drop, self._drop, self._drop, self._send, self._delete, self._cancel])
            act(dice)
            self._messages += self._stack.receive_messages()
            if dice.random() < 0.3:
                self._deliver(dice)
        self._drain(dice)
        return sum((self._judged(organiser, api) for organiser, api in self._apis.items()), Counter())

    def erase(self, dice: Random) -> list[str]:
        """Erase a person whom files named; return where they are still named."""
        email, api = f"a{dice.randrange(1, 10)}@example.com", self._apis["demo"]
        self.done.append(f"erase {email}")
        api("DELETE /v1/customers/{email}", email=email)
        self._drain(dice)
        if api("GET /v1/customers/{email}/erasure", email=email).json["done_at"] is None:
            return []  # it waits for a worker that may be writing
        return [place for place in find_traces(self._stack.bucket, {email}) if "demo" in place]

    def _drop(self, dice: Random) -> None:
        kind = dice.choice(sorted(PLACES))
        organiser = dice.choice(["demo", "demo", "other", "nobody"])
        key = f"drop/{organiser}/{PLACES[kind]}{dice.choice(['a.csv', 'b c+ø.csv', '', 'x/y.csv'])}"
        if dice.random() < 0.15:
            key = dice.choice(
                ["drop/", f"drop/{organiser}/", f"uploads/{organiser}/x", "uploads/x", f"drop/{organiser}/x/y"]
            )
        metadata = {
            name: dice.choice(METADATA[name]) for name in dice.sample(sorted(METADATA), k=dice.choice([0, 0, 1, 2]))
        }
        self._put(key, content(kind, dice), metadata)

    def _send(self, dice: Random) -> None:
        """Ask for an import and use its form, perhaps twice."""
        kind = dice.choice(["target_group", "customers"])
        request = {"kind": kind, "file_name": "f.csv", "on_question": "suggested"}
        request |= {"group": "Codes"} if kind == "target_group" else {"consent": True}
        record = self._apis["demo"]("POST /v1/imports", request).json
        for _ in range(dice.choice([1, 1, 2])):
            self._put(
                record["upload"]["fields"]["key"], content(kind.replace("target_group", "target-groups"), dice), {}
            )

    def _put(self, key: str, body: bytes, metadata: Mapping[str, str]) -> None:
        self.done.append(f"put {key} {metadata} {body!r:.300}")
        self._stack.put(key, body, **metadata)
        self._keys.append(key)

    def _delete(self, dice: Random) -> None:
        if not self._keys:
            return
        key = dice.choice(self._keys)
        versions = self._s3.list_object_versions(Bucket=self._stack.bucket, Prefix=key).get("Versions", [])
        version = {"VersionId": dice.choice(versions)["VersionId"]} if versions and dice.random() < 0.5 else {}
        self.done.append(f"delete {key} {version}")
        self._s3.delete_object(Bucket=self._stack.bucket, Key=key, **version)

    def _cancel(self, dice: Random) -> None:
        waiting = [
            one["import_id"]
            for one in self._apis["demo"]("GET /v1/imports").json["items"]
            if one["status"] in {"awaiting_review", "awaiting_upload"}
        ]
        if waiting:
            import_id = dice.choice(waiting)
            self.done.append(f"cancel {import_id}")
            self._apis["demo"]("POST /v1/imports/{import_id}/cancel", import_id=import_id)

    def _deliver(self, dice: Random) -> None:
        """Some of the messages, in any order, some of them twice."""
        dice.shuffle(self._messages)
        now = dice.randrange(len(self._messages) + 1)
        for message in self._messages[:now]:
            for _ in range(dice.choice([1, 1, 2])):
                self._stack.deliver(message)
        del self._messages[:now]

    def _drain(self, dice: Random) -> None:
        for _ in range(_MAX_ROUNDS):
            self._messages += self._stack.receive_messages()
            if not self._messages:
                break
            self._deliver(dice)
        assert not self._messages, "messages without an end"
        self._stack.run()

    def _judged(self, organiser: str, api: Api) -> Counter[str]:
        records = api("GET /v1/imports", query={"limit": "200"}).json["items"]
        for record in records:
            assert record["status"] in _END, record
            counts = record["counts"]
            if record["status"] in {"complete", "partial"}:
                left_out = counts.get("left_out") or 0
                assert counts["imported"] + counts["refused"] + left_out == counts["total"], record
        mails = [mail.text for mail in self._stack.mails]
        for record in records:
            mail_count = sum(record["import_id"] in text for text in mails)
            assert mail_count <= 2, (organiser, json.dumps(record))
        return Counter(record["status"] for record in records)


def content(kind: str, dice: Random) -> bytes:
    """A file of that kind, or of nearly that kind."""
    header, row = HEADERS[kind]
    lines = [header] if dice.random() < 0.9 else []
    lines += [
        row.format(n=number) if dice.random() < 0.8 else odd_text(dice)[:2_000]
        for number in range(1, dice.choice([1, 2, 4, 10]))
    ]
    if dice.random() < 0.2:
        lines.insert(dice.randrange(len(lines) + 1), "\n" * dice.choice([1, 200, 20_000]))
    text = dice.choice(["\n", "\r\n", "\r"]).join(lines)
    if dice.random() < 0.3:
        at = dice.randrange(len(text) + 1)
        text = text[:at] + dice.choice(['"', "\0", ";", "\x1a", odd_text(dice)[:2_000]]) + text[at:]
    whole = text.encode(dice.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"]), errors="replace")
    return whole[: dice.randrange(len(whole) + 1)] if dice.random() < 0.1 else whole
