"""Doors without a network, from the snapshot that they fetch to the batch that they send."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from guestlist.aws.table import Table
from guestlist.model import clock
from infra.openapi import ROOT
from tests.functions.conftest import Api, ApiResponse

READER = ROOT / "docs" / "offline_door.py"


@pytest.fixture
def gala(call: Api) -> str:
    """An event with two tickets, one of them scanned."""
    call("PUT /v1/events/gala", {"name": "Gala"})
    for code, email in (("A-1", "anna@example.com"), (" *B* ", None)):
        ticket = {"code": code, "when_full": "stop", "name": "Anna Berg", "email": email}
        call("POST /v1/events/gala/tickets", {name: value for name, value in ticket.items() if value})
    call("POST /v1/scans", {"event_id": "gala", "code": "A-1"})
    return "/v1/events/gala"


@pytest.fixture
def door(call: Api) -> Api:
    return call.as_("demo-door")


def content(answer: ApiResponse) -> bytes:
    """The file that a response redirects to."""
    assert answer.status == 302
    return requests.get(answer.headers["Location"], timeout=10).content


def decide(folder: Path, file: bytes, key: str, keys: str, codes: str) -> "subprocess.CompletedProcess[str]":
    """The decisions of the documented reader on these codes."""
    (folder / "snapshot.txt").write_bytes(file)
    (folder / "keys.json").write_text(keys)
    command = [sys.executable, READER, "snapshot.txt", "--key", key, "--keys", "keys.json", "--device", "gate-3"]
    return subprocess.run(command, cwd=folder, input=codes, capture_output=True, text=True, check=False)


def test_a_device_decides_offline_and_its_scans_are_merged(call: Api, door: Api, gala: str, tmp_path: Path):
    response = door(f"GET {gala}/snapshot")
    key, keys = response.headers["Snapshot-Key"], door("GET /v1/keys").text
    process = decide(tmp_path, content(response), key, keys, "A-1\n *B* \t\r\n *B* \nC\n")
    results = [line.rpartition(": ")[2] for line in process.stderr.splitlines()]
    assert results == ["already_scanned", "accepted", "already_scanned", "unknown"]
    (merge_result,) = door("POST /v1/scans/batch", json.loads(process.stdout)).json["results"]
    assert (merge_result["result"], merge_result["ticket"]["scanned_by"]) == ("accepted", "gate-3")
    assert call("POST /v1/scans", {"event_id": "gala", "code": " *B* "}).json["result"] == "already_scanned"


def test_the_signature_of_an_altered_snapshot_is_invalid(door: Api, gala: str, tmp_path: Path):
    response = door(f"GET {gala}/snapshot")
    forged_content = content(response).replace(b'"event_id":"gala"', b'"event_id":"ball"')
    process = decide(tmp_path, forged_content, response.headers["Snapshot-Key"], door("GET /v1/keys").text, "A-1\n")
    assert process.returncode != 0
    assert "InvalidSignature" in process.stderr


def test_a_snapshot_holds_nothing_personal_and_no_code(door: Api, gala: str):
    file = content(door(f"GET {gala}/snapshot")).lower()
    for secret in (b"anna", b"berg", b"example", b"a-1", b"*b*"):
        assert secret not in file


def test_an_unchanged_snapshot_is_answered_with_304(call: Api, door: Api, gala: str):
    tag = door(f"GET {gala}/snapshot").headers["ETag"]
    same = door(f"GET {gala}/snapshot", If_None_Match=tag)
    assert (same.status, same.text, same.headers["ETag"]) == (304, "", tag)
    assert door(f"GET {gala}/snapshot", If_None_Match=f'W/{tag}, "x"').status == 304
    call("POST /v1/scans", {"event_id": "gala", "code": " *B* "})
    newer = door(f"GET {gala}/snapshot", If_None_Match=tag)
    assert newer.status == 302
    call(f"POST {gala}/tickets", {"code": "C", "when_full": "stop"})
    assert door(f"GET {gala}/snapshot", If_None_Match=newer.headers["ETag"]).status == 302


def test_an_unchanged_snapshot_is_confirmed_without_reading_tickets(
    door: Api, gala: str, monkeypatch: pytest.MonkeyPatch
):
    tag = door(f"GET {gala}/snapshot").headers["ETag"]
    later = clock.now() + timedelta(seconds=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    door(f"GET {gala}/snapshot")
    monkeypatch.delattr(Table, "query_all")
    assert door(f"GET {gala}/snapshot", If_None_Match=tag).status == 304


def test_signing_keys_are_stable_and_differ_between_organisers(call: Api, door: Api):
    (key,) = door("GET /v1/keys").json["keys"]
    assert door("GET /v1/keys").json["keys"] == [key]
    assert (key["kty"], key["crv"]) == ("OKP", "Ed25519")
    call.as_("other-organiser")("PUT /v1/events/gala", {"name": "Theirs"})
    (other,) = call.as_("other-door")("GET /v1/keys").json["keys"]
    assert other["x"] != key["x"]


def test_an_unknown_event_has_no_snapshot(door: Api):
    assert door("GET /v1/events/none/snapshot").status == 404
