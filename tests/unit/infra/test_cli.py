"""The command `guestlist`, in process, against answers of the API as the contract has them."""

import json
import re
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from infra import openapi
from infra.cli.client import Runtime
from infra.cli.commands import app
from infra.cli.options import Kind, Mode, State

ROOT = Path(__file__).parents[3]
DOCUMENT = json.loads(openapi.DOCUMENT.read_text(encoding="utf-8"))
UPLOAD = {"import_id": "imp-1", "upload": {"url": "https://bucket.example/", "fields": {"key": "k"}}}
GROUPS = {"items": [{"group_id": "g-1", "name": "Friends"}], "next": None}
GRANT = {"group_id": "g-1", "group": "Friends", "category": None, "seat": "A1", "quantity": 2, "remaining": 1}
GOOD_CODE = {"valid": True, "reasons": [], "grants": [GRANT]}
ENTRY = {"code": "SPRING", "email": None, "category": None, "seat": None, "quantity": 2, "used": 1, "held": 0}
DETECTED = {"headers": ["Promo code", "Order date"], "mapping": {"Code": 0}, "notes": [], "suggested": {}}
Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def assert_documented(request: httpx.Request) -> None:
    """Check that the call exists in the API and has no parameters that the API ignores."""
    (call,) = [
        item[request.method.lower()]
        for path, item in DOCUMENT["paths"].items()
        if re.fullmatch(re.sub("{[^}]*}", "[^/]+", path), request.url.path) and request.method.lower() in item
    ][:1]
    query_parameters = {one["name"] for one in call["parameters"] if one["in"] == "query"}
    assert set(request.url.params) <= query_parameters
    if request.content and "requestBody" in call:
        schema = call["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(json.loads(request.content))


def a_response(status: int = 200, body: Any = None, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body, headers={name.replace("_", "-"): text for name, text in headers.items()})


def problem(status: int, code: str, detail: str, **more: Any) -> httpx.Response:
    return a_response(status, {"status": status, "code": code, "detail": detail, **more})


def an_import(status: str, **more: Any) -> httpx.Response:
    counts = {"total": 3, "imported": 2, "refused": 1, "left_out": 0, "repeated": 0}
    identity = {"import_id": "imp-1", "kind": "target_group", "status": status, "reason": None, "detail": None}
    shown = {"group": "Friends", "file_name": "f.csv", "progress": 0.5, "counts": counts, "refused_file": False}
    return a_response(body={**identity, **shown, "detected": DETECTED, **more})


@dataclass
class Guestlist:
    """An API with prepared responses to each call, in turn, that keeps the requests."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    interactive: bool = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if request.url.path.startswith("/v1/"):
            assert_documented(request)
        self.requests.append(request)
        queue = self.answers[f"{request.method} {request.url.host}{request.url.path}".replace(" 127.0.0.1", " ")]
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def on(self, call: str, *answers: Answer) -> "Guestlist":
        self.answers[call] = list(answers)
        return self

    def run(self, *words: str, typed: str = "") -> Result:
        runtime = Runtime(httpx.MockTransport(self), self.pauses.append)
        state = State(runtime, interactive=lambda: self.interactive)
        return CliRunner().invoke(app, list(words), obj=state, input=typed)

    def bodies(self, end: str) -> list[Any]:
        return [json.loads(one.content) for one in self.requests if one.method == "POST" and one.url.path.endswith(end)]


@pytest.fixture(autouse=True)
def no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GUESTLIST_TOKEN", "GUESTLIST_BASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def guestlist() -> Guestlist:
    return Guestlist()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "friends.csv"
    path.write_text("Code\nSPRING\n", encoding="utf-8")
    return path


def importing(guestlist: Guestlist, *follows: httpx.Response) -> Guestlist:
    guestlist.on("POST /v1/imports", a_response(201, UPLOAD)).on("POST bucket.example/", a_response(204))
    for call in ("confirm", "cancel"):
        guestlist.on(f"POST /v1/imports/imp-1/{call}", an_import("reading"))
    return guestlist.on("GET /v1/imports/imp-1", *follows)


# Import


def test_a_file_is_uploaded_followed_and_reported_in_a_table(guestlist: Guestlist, file: Path) -> None:
    final_answer = an_import("complete", effect={"added": 2, "revoked": 0})
    ran = importing(guestlist, an_import("reading"), an_import("importing"), final_answer).run(
        "import", str(file), "--group", "Friends"
    )
    assert ran.exit_code == 0, ran.stderr
    assert "Imported 2 of 3 rows. Import imp-1 is complete." in ran.stdout
    assert "added" in ran.stdout
    assert "revoked" not in ran.stdout
    (request,) = guestlist.bodies("/v1/imports")
    assert (request["kind"], request["group"], request["file_name"]) == ("target_group", "Friends", "friends.csv")
    assert (request["review"], request["on_question"], request["consent"]) == (False, "fail", False)
    (form,) = (one for one in guestlist.requests if one.url.host == "bucket.example")
    assert b"SPRING" in form.content
    assert form.content.index(b'name="key"') < form.content.index(b'name="file"')
    assert "Authorization" not in form.headers


def test_refused_rows_are_saved_beside_the_file_and_never_over_others(guestlist: Guestlist, file: Path) -> None:
    importing(guestlist, an_import("partial", refused_file=True))
    guestlist.on("GET /v1/imports/imp-1/refused.csv", a_response(302, Location="https://bucket.example/r"))
    guestlist.on("GET bucket.example/r", httpx.Response(200, content=b"Code\nBAD\n"))
    file.with_name("friends.refused.csv").write_text("being mended")
    ran = guestlist.run("import", str(file))
    assert ran.exit_code == 3
    assert file.with_name("friends.refused-2.csv").read_bytes() == b"Code\nBAD\n"
    assert file.with_name("friends.refused.csv").read_text() == "being mended"


@pytest.mark.parametrize(
    ("reason", "hint"),
    [("group_exists", "--mode replace"), ("consent_required", "--consent"), ("decision_required", "--yes")],
)
def test_a_failed_import_is_reported_in_one_line_with_the_option(
    guestlist: Guestlist, file: Path, reason: str, hint: str
) -> None:
    ran = importing(guestlist, an_import("failed", reason=reason, detail="So it is.")).run("import", str(file))
    assert (ran.exit_code, ran.stderr.count("\n")) == (1, 1)
    assert ran.stderr.startswith(f"Nothing was imported: {reason}. So it is. {hint}")


def test_yes_accepts_the_suggestions_and_never_states_consent(guestlist: Guestlist, file: Path) -> None:
    guestlist.interactive = True
    assert importing(guestlist, an_import("complete")).run("import", str(file), "--yes").exit_code == 0
    (request,) = guestlist.bodies("/v1/imports")
    assert (request["on_question"], request["review"], request["consent"]) == ("suggested", False, False)


def test_a_waiting_import_is_cancelled_without_a_terminal(guestlist: Guestlist, file: Path) -> None:
    waits = an_import("awaiting_review", reason="confirm_removals_required", detail="9 memberships would end.")
    ran = importing(guestlist, waits).run("import", str(file), "--kind", "customers")
    assert ran.exit_code == 1
    assert "--confirm-removals" in ran.stderr
    assert len(guestlist.bodies("/cancel")) == 1


def waiting(about: str, suggested: Any, column: str | None = "Status", **params: Any) -> httpx.Response:
    decision = {"about": about, "column": column, "detail": f"What of {about}?", "params": params}
    return an_import("awaiting_review", reason="decision_required", decisions=[decision], suggested=suggested)


STATUS = {"leave_out": {"column": "Status", "values": ["refunded"]}}


@pytest.mark.parametrize(
    ("question", "typed", "confirmation"),
    [
        (waiting("date_order", {"date_order": "dmy"}), "\n", {"date_order": "dmy"}),
        (waiting("date_order", {"date_order": "dmy"}), "never\nmdy\n", {"date_order": "mdy"}),
        (waiting("code_column", {"mapping": {"Code": 0}}), "\n" * 5, {"mapping": {"Code": 0}}),
        (waiting("code_column", {"mapping": {"Code": 0}}), "-\n1\n\n\n\n", {"mapping": {"Email": 1}}),
        (waiting("status", STATUS, values=["parked"], left_out=["refunded"]), "\n\n", STATUS),
        (
            waiting("status", STATUS, values=["parked"], left_out=["refunded"]),
            "\ny\n",
            {"leave_out": {"column": "Status", "values": ["refunded", "parked"]}},
        ),
        (waiting("status", {"leave_out": None}, values=["parked"], left_out=[]), "\n", {"leave_out": None}),
        (waiting("items", {"items": {"Flor": "floor"}}, labels=["Flor"]), "\n", {"items": {"Flor": "floor"}}),
        (waiting("items", {}, labels=["Box"]), "box-1\n", {"items": {"Box": "box-1"}}),
        (an_import("awaiting_review", reason="consent_required", detail="People."), "y\n", {"consent": True}),
        (
            an_import("awaiting_review", reason="no_known_column", detail="?"),
            "1\n" + "\n" * 4,
            {"mapping": {"Code": 1}},
        ),
    ],
)
def test_a_question_is_asked_with_the_answer_filled_in(
    guestlist: Guestlist, file: Path, question: httpx.Response, typed: str, confirmation: Any
) -> None:
    guestlist.interactive = True
    ready = an_import("awaiting_review", counts={"total": 3, "imported": 0, "refused": 1, "would_import": 2})
    ran = importing(guestlist, question, ready, an_import("complete")).run("import", str(file), typed=f"{typed}\n")
    assert ran.exit_code == 0, ran.output
    assert guestlist.bodies("/confirm") == [{**confirmation, "review": True}, {}]
    assert "Import 2 rows?" in ran.stdout
    assert guestlist.bodies("/v1/imports")[0]["review"]


def test_removals_need_their_own_confirmation(guestlist: Guestlist, file: Path) -> None:
    guestlist.interactive = True
    waiting_import = an_import(
        "awaiting_review", reason="confirm_removals_required", detail="9 end.", losses={"Gold": 9}
    )
    ran = importing(guestlist, waiting_import, an_import("complete")).run("import", str(file), typed="y\n")
    assert guestlist.bodies("/confirm") == [{"confirm_removals": True}]
    assert "Gold" in ran.stdout


@pytest.mark.parametrize("typed", ["n\n", ""])
def test_no_and_an_end_of_input_cancel_the_import(guestlist: Guestlist, file: Path, typed: str) -> None:
    guestlist.interactive = True
    ran = importing(guestlist, an_import("awaiting_review")).run("import", str(file), typed=typed)
    assert (ran.exit_code, len(guestlist.bodies("/cancel"))) == (1, 1)
    assert "Nothing was imported." in ran.stderr


def test_further_options_of_an_import_are_given_by_name(guestlist: Guestlist, file: Path) -> None:
    words = ("--option", "header_rows=0", "--option", "delimiter=;", "--publish-at", "2027-01-01T00:00:00Z")
    assert importing(guestlist, an_import("complete")).run("import", str(file), *words).exit_code == 0
    (request,) = guestlist.bodies("/v1/imports")
    assert (request["header_rows"], request["delimiter"]) == (0, ";")
    assert request["publish_at"] == "2027-01-01T00:00:00Z"


def test_a_missing_file_is_reported_before_anything_is_sent(guestlist: Guestlist, tmp_path: Path) -> None:
    ran = guestlist.run("import", str(tmp_path / "none.csv"))
    assert (ran.exit_code, guestlist.requests) == (2, [])
    assert ran.stderr.endswith("none.csv cannot be read: No such file or directory.\n")


def test_a_refused_upload_is_reported_with_its_code(guestlist: Guestlist, file: Path) -> None:
    importing(guestlist, an_import("reading"))
    guestlist.on("POST bucket.example/", httpx.Response(400, text="<Error><Code>EntityTooLarge</Code></Error>"))
    ran = guestlist.run("import", str(file))
    assert (ran.exit_code, ran.stderr) == (1, "The upload was refused: EntityTooLarge. Nothing was imported.\n")


# Check and redeem


def test_a_good_code_is_shown_with_its_grants(guestlist: Guestlist) -> None:
    item = {"sale_item_id": "gala", "visible": True, "purchasable": False, "reasons": ["wrong_seat"]}
    guestlist.on("POST /v1/check", a_response(body={"items": [item], "code": GOOD_CODE}))
    ran = guestlist.run("check", "spring", "--seat", "A1", "--email", "a@b.example", "--item", "gala")
    assert ran.exit_code == 0
    assert "wrong_seat" in ran.stdout
    assert "Friends" in ran.stdout
    (body,) = guestlist.bodies("/check")
    assert (body["seats"], body["sale_items"]) == (["A1"], ["gala"])
    assert body["customer"] == {"email": "a@b.example", "authenticated": True}


def test_a_code_that_is_not_valid_is_an_exit_code_and_a_line(guestlist: Guestlist) -> None:
    bad = {"valid": False, "reasons": ["unknown_code"], "grants": [], "explanation": ["No list\x1b[2J has it."]}
    ran = guestlist.on("POST /v1/check", a_response(body={"items": [], "code": bad})).run("check", "x")
    assert (ran.exit_code, ran.stderr) == (1, "Not valid: unknown_code. No list [2J has it.\n")


def test_a_redemption_and_a_hold_are_printed_with_their_id(guestlist: Guestlist) -> None:
    redemption = {"redemption_id": "r-1", "status": "held", "remaining": 1, "hold_expires_at": "2026-12-01T09:00:00Z"}
    guestlist.on("POST /v1/redemptions", a_response(201, redemption))
    ran = guestlist.run("redeem", "SPRING", "--order", "#7", "--hold", "600", "--quantity", "2")
    assert ran.stdout == "Held until 2026-12-01T09:00:00Z: r-1, 1 remaining.\n"
    (body,) = guestlist.bodies("/redemptions")
    assert body == {"code": "SPRING", "order_id": "#7", "quantity": 2, "hold_seconds": 600}


def test_json_prints_what_the_api_answers(guestlist: Guestlist) -> None:
    answer = {"items": [], "code": GOOD_CODE}
    ran = guestlist.on("POST /v1/check", a_response(body=answer)).run("--json", "check", "spring")
    assert json.loads(ran.stdout) == answer


# Lists


def test_entries_are_listed_by_the_name_of_the_group_page_by_page(guestlist: Guestlist) -> None:
    guestlist.on("GET /v1/groups", a_response(body=GROUPS))
    page = a_response(body={"items": [ENTRY], "next": "c"}), a_response(body={"items": [ENTRY], "next": None})
    guestlist.on("GET /v1/groups/g-1/entries", *page)
    ran = guestlist.run("entries", "friends")
    assert ran.stdout.endswith("2 entries.\n")
    queries = [dict(one.url.params) for one in guestlist.requests if one.url.path.endswith("/entries")]
    assert queries[0] == {"limit": "50"}
    assert queries[1]["cursor"] == "c"


def test_entries_are_filtered_by_prefix_and_use(guestlist: Guestlist) -> None:
    guestlist.on("GET /v1/groups", a_response(body=GROUPS))
    guestlist.on("GET /v1/groups/g-1/entries", a_response(body={"items": [ENTRY], "next": None}))
    assert guestlist.run("entries", "friends", "--q", "SPR", "--used", "some").stdout.endswith("1 entry.\n")
    assert dict(guestlist.requests[-1].url.params) == {"limit": "50", "q": "SPR", "used": "some"}


def test_an_export_may_be_limited_to_unused_entries(guestlist: Guestlist, tmp_path: Path) -> None:
    guestlist.on("GET /v1/groups", a_response(body=GROUPS))
    guestlist.on("GET /v1/groups/g-1/export.csv", a_response(302, Location="https://bucket.example/e"))
    guestlist.on("GET bucket.example/e", httpx.Response(200, content=b"Code\n"))
    assert guestlist.run("export", "g-1", "-o", str(tmp_path / "out.csv"), "--used", "none").exit_code == 0
    (params,) = [dict(one.url.params) for one in guestlist.requests if one.url.path.endswith("/export.csv")]
    assert params == {"used": "none"}


def test_an_unknown_group_is_reported(guestlist: Guestlist) -> None:
    ran = guestlist.on("GET /v1/groups", a_response(body=GROUPS)).run("entries", "Foes")
    assert (ran.exit_code, ran.stderr) == (1, "There is no group “Foes”.\n")


def test_an_export_is_downloaded_once_ready_and_written_whole(guestlist: Guestlist, tmp_path: Path) -> None:
    guestlist.on("GET /v1/groups", a_response(body=GROUPS))
    ready = a_response(302, Location="https://bucket.example/e")
    guestlist.on("GET /v1/groups/g-1/export.csv", a_response(202, Retry_After="7"), ready)
    guestlist.on("GET bucket.example/e", httpx.Response(200, content=b"Code\nA\n"))
    output = tmp_path / "out.csv"
    assert guestlist.run("export", "g-1", "-o", str(output)).exit_code == 0
    assert (output.read_bytes(), guestlist.pauses) == (b"Code\nA\n", [7.0])
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert "Authorization" not in guestlist.requests[-1].headers


def test_an_interrupted_export_keeps_the_existing_file(guestlist: Guestlist, tmp_path: Path) -> None:
    guestlist.on("GET /v1/groups", a_response(body=GROUPS))
    guestlist.on("GET /v1/groups/g-1/export.csv", a_response(302, Location="https://bucket.example/e"))
    guestlist.on("GET bucket.example/e", httpx.Response(403))
    output = tmp_path / "out.csv"
    output.write_text("older")
    assert guestlist.run("export", "Friends", "-o", str(output)).exit_code == 1
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.csv", "older")]


def test_codes_are_generated_by_an_import_that_is_followed(guestlist: Guestlist, tmp_path: Path) -> None:
    people = tmp_path / "people.txt"
    people.write_text("a@b.example\n\n c@d.example \n")
    importing(guestlist, an_import("importing"), an_import("complete")).on("GET /v1/groups", a_response(body=GROUPS))
    guestlist.on("POST /v1/groups/g-1/codes", a_response(202, {"import_id": "imp-1"}))
    ran = guestlist.run("codes", "Friends", "--count", "2", "--prefix", "VIP", "--emails", str(people))
    assert ran.stdout == "Generated 2 codes. Import imp-1 is complete.\n"
    (body,) = guestlist.bodies("/codes")
    assert body == {"count": 2, "prefix": "VIP", "quantity": 1, "emails": ["a@b.example", "c@d.example"]}


def test_a_request_for_codes_without_a_response_is_not_repeated(guestlist: Guestlist) -> None:
    guestlist.on("GET /v1/groups", a_response(body=GROUPS))
    guestlist.on("POST /v1/groups/g-1/codes", httpx.ReadTimeout("late"))
    assert guestlist.run("codes", "Friends", "--count", "2").exit_code == 4
    assert len(guestlist.bodies("/codes")) == 1


# Webhooks


def delivery(name: str, status: str, *codes: int) -> dict[str, Any]:
    attempts = [{"at": "2026-12-01T09:00:00Z", "status_code": code, "error": None} for code in codes]
    identity = {"delivery_id": name, "type": "code.redeemed", "created_at": "2026-12-01T09:00:00Z"}
    return {**identity, "status": status, "attempts": attempts, "payload": {"data": {"remaining": 1}}}


def test_the_deliveries_of_the_only_webhook_are_shown_oldest_first(guestlist: Guestlist) -> None:
    guestlist.on("GET /v1/webhooks", a_response(body={"items": [{"webhook_id": "shop"}], "next": None}))
    page = {"items": [delivery("2", "pending"), delivery("1", "delivered", 500, 204)], "next": None}
    guestlist.on("GET /v1/webhooks/shop/deliveries", a_response(body=page))
    first, second = guestlist.run("tail", "--no-follow").stdout.splitlines()
    assert "code.redeemed  delivered  204" in first
    assert "code.redeemed  pending  not tried yet" in second


def test_followed_deliveries_are_shown_again_when_they_change(guestlist: Guestlist) -> None:
    pages = [[delivery("1", "pending")], [delivery("1", "pending")], [delivery("1", "delivered", 200)]]
    answers = [a_response(body={"items": page, "next": None}) for page in pages]
    guestlist.on("GET /v1/webhooks/shop/deliveries", *answers, problem(404, "not_found", "There is no such webhook."))
    ran = guestlist.run("tail", "shop")
    assert [line.split()[2] for line in ran.stdout.splitlines()] == ["pending", "delivered"]
    assert (ran.exit_code, ran.stderr) == (1, "There is no such webhook.\n")


def test_one_of_several_webhooks_has_to_be_named(guestlist: Guestlist) -> None:
    listed = {"items": [{"webhook_id": "shop"}, {"webhook_id": "crm"}], "next": None}
    ran = guestlist.on("GET /v1/webhooks", a_response(body=listed)).run("tail")
    assert (ran.exit_code, ran.stderr) == (1, "Say which webhook: shop, crm.\n")


# Failures


def test_a_problem_is_printed_in_one_line_with_its_fields(guestlist: Guestlist) -> None:
    faults = [{"field": "order_id", "detail": "is too long"}]
    guestlist.on("POST /v1/redemptions", problem(422, "invalid", "Some fields are wrong.", errors=faults))
    ran = guestlist.run("redeem", "A", "--order", "x")
    assert (ran.exit_code, ran.stderr) == (1, "Some fields are wrong. order_id: is too long\n")


def test_the_message_of_a_problems_only_field_is_printed_once(guestlist: Guestlist) -> None:
    faults = [{"field": "order_id", "detail": "is too long"}]
    guestlist.on("POST /v1/redemptions", problem(422, "invalid", "order_id: is too long", errors=faults))
    assert guestlist.run("redeem", "A", "--order", "x").stderr == "order_id: is too long\n"


@pytest.mark.parametrize("options", [(), ("--event", "gala"), ("--when-full", "stop")])
def test_a_file_of_tickets_needs_its_event_and_what_happens_when_it_is_full(
    guestlist: Guestlist, tmp_path: Path, options: tuple[str, ...]
) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("Ticket code\nT1\n")
    ran = guestlist.run("import", "--kind", "tickets", *options, str(file))
    assert (ran.exit_code, guestlist.requests) == (2, [])
    assert "--when-full" in ran.stderr


def test_a_busy_api_is_called_again_after_retry_after(guestlist: Guestlist) -> None:
    busy = problem(429, "too_many_requests", "Too many.")
    busy.headers["Retry-After"] = "9"
    success = a_response(body={"items": [], "code": GOOD_CODE})
    ran = guestlist.on("POST /v1/check", busy, a_response(503), httpx.ReadTimeout("late"), success).run(
        "check", "spring"
    )
    assert (ran.exit_code, guestlist.pauses) == (0, [9.0, 2.0, 5.0])
    keys = {one.headers["Idempotency-Key"] for one in guestlist.requests}
    assert len(keys) == 1


def test_a_stack_that_is_not_running_has_its_own_exit_code(guestlist: Guestlist) -> None:
    ran = guestlist.on("POST /v1/check", httpx.ConnectError("Connection refused")).run("check", "spring")
    message = "No answer from http://127.0.0.1:8000: Connection refused. Is `make run` running?\n"
    assert (ran.exit_code, ran.stderr) == (4, message)
    assert len(guestlist.requests) == 4


@pytest.mark.parametrize("base", ["https://api.example", "http://api.example"])
def test_a_stage_needs_a_token_and_tls(guestlist: Guestlist, base: str) -> None:
    ran = guestlist.run("--base", base, "check", "spring")
    assert (ran.exit_code, guestlist.requests, ran.stderr.count("\n")) == (2, [], 1)


def test_the_token_of_a_stage_comes_from_the_environment(guestlist: Guestlist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUESTLIST_TOKEN", "secret-of-ours")
    guestlist.on("POST api.example/v1/check", a_response(body={"items": [], "code": GOOD_CODE}))
    assert guestlist.run("--base", "https://api.example/", "check", "spring").exit_code == 0
    assert guestlist.requests[0].headers["Authorization"] == "Bearer secret-of-ours"


# Installation


@pytest.fixture(scope="module")
def project() -> Any:
    return tomllib.loads((ROOT / "infra/cli/pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_commands_kinds_and_modes_are_those_of_the_api() -> None:
    properties = DOCUMENT["components"]["schemas"]["ImportRequest"]["properties"]
    assert list(Kind) == properties["kind"]["enum"]
    assert set(Mode) == {word for one in properties["mode"]["anyOf"] for word in one.get("enum", ())}


def test_the_command_is_installed_with_the_version_and_pins_of_the_project(project: dict[str, Any]) -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    locked = {line.removesuffix(" \\") for line in lock.splitlines()}
    assert project["version"] == whole["project"]["version"]
    assert project["requires-python"] == whole["project"]["requires-python"]
    assert set(project["dependencies"]) <= locked & {*whole["dependency-groups"]["run"]}


def test_the_command_imports_only_what_its_installation_has() -> None:
    allowed_modules = {*sys.stdlib_module_names, "httpx", "rich", "typer"}
    imported_modules = {
        line.split()[1].partition(".")[0]
        for path in (ROOT / "infra/cli").glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from ")) and not line.startswith("from .")
    }
    assert imported_modules <= allowed_modules
