"""Webhooks as organisers manage them."""

from collections.abc import Sequence

import boto3
import pytest

from chalicelib.bootstrap import webhooks as bootstrap
from guestlist.aws.settings import settings
from guestlist.webhooks.model import MAX_WEBHOOKS
from tests.fakes.webhooks import a_delivery
from tests.functions.conftest import Api

HOOK = {"url": "http://127.0.0.1:9/hook", "events": ["code.held", "import.ended"]}


@pytest.fixture
def crm(call: Api) -> Api:
    """A webhook `crm`."""
    assert call("PUT /v1/webhooks/crm", HOOK).status == 200
    return call


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules of a stage in the cloud, and one host that it resolves."""

    def resolve(host: str, _port: int) -> Sequence[str]:
        hosts = {"public.example": ["93.184.216.34"], "private.example": ["10.0.0.1"]}
        mixed_host = {"mixed.example": ["93.184.216.34", "::ffff:10.0.0.1"]}
        literal = [host] if host.replace(".", "").isdigit() or ":" in host else []
        return (hosts | mixed_host).get(host, literal)

    monkeypatch.setattr(bootstrap, "loopback", lambda: False)
    monkeypatch.setattr(bootstrap, "resolve", resolve)


def queued_bodies() -> list[str]:
    client = boto3.client("sqs")
    url = settings().webhook_queue_url
    return [one["Body"] for one in client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])]


def test_the_secret_is_shown_when_a_webhook_is_created_and_by_no_other_call(call: Api):
    new_webhook = call("PUT /v1/webhooks/crm", HOOK).json
    assert new_webhook["secret"].startswith("whsec_")
    change = call("PUT /v1/webhooks/crm", {**HOOK, "enabled": False})
    webhook = call("GET /v1/webhooks/crm")
    webhooks = call("GET /v1/webhooks")
    for answer in (change, webhook, webhooks):
        assert "whsec_" not in answer.text
        assert '"secret"' not in answer.text
    assert (webhook.json["enabled"], webhook.json["created_at"]) == (False, new_webhook["created_at"])


def test_each_rotation_returns_another_secret_and_an_idempotency_key_is_refused(crm: Api):
    rotations = [crm("POST /v1/webhooks/crm/rotate", Idempotency_Key="once") for _ in range(2)]
    assert len({rotation.json["secret"] for rotation in rotations}) == 2


def test_an_existing_webhook_is_not_overwritten_by_a_create_only_request(crm: Api):
    refusal = crm("PUT /v1/webhooks/crm", HOOK, If_None_Match="*")
    assert (refusal.status, refusal.code) == (412, "exists")
    assert crm("PUT /v1/webhooks/other", HOOK, If_None_Match="*").status == 200


def test_an_organiser_has_ten_webhooks_at_most(call: Api):
    answers = [call(f"PUT /v1/webhooks/hook-{number}", HOOK) for number in range(MAX_WEBHOOKS + 1)]
    assert [answer.status for answer in answers] == [200] * MAX_WEBHOOKS + [409]
    assert answers[-1].code == "too_many_webhooks"
    assert call("PUT /v1/webhooks/hook-3", HOOK).status == 200
    assert call("DELETE /v1/webhooks/hook-3").status == 204
    assert call("PUT /v1/webhooks/hook-10", HOOK).status == 200
    assert len(call("GET /v1/webhooks").json["items"]) == MAX_WEBHOOKS
    first = call("GET /v1/webhooks?limit=7").json
    rest = call(f"GET /v1/webhooks?limit=7&cursor={first['next']}").json
    assert ([len(page["items"]) for page in (first, rest)], rest["next"]) == ([7, 3], None)
    assert first["items"] + rest["items"] == call("GET /v1/webhooks").json["items"]
    assert [one["webhook_id"] for one in [*first["items"], *rest["items"]][:2]] == ["hook-10", "hook-9"]


def test_a_webhook_is_available_to_its_organiser_alone_and_to_no_checkout(crm: Api):
    assert crm.as_("other-organiser")("GET /v1/webhooks/crm").status == 404
    assert crm.as_("other-organiser")("GET /v1/webhooks").json["items"] == []
    assert crm.as_("demo-checkout")("GET /v1/webhooks").status == 403


def test_a_deleted_webhook_is_unknown(crm: Api):
    assert crm("DELETE /v1/webhooks/crm").status == 204
    assert [crm(f"{call} /v1/webhooks/crm").status for call in ("GET", "DELETE")] == [404, 404]
    assert crm("POST /v1/webhooks/crm/rotate").status == 404


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    "url",
    [
        "http://public.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://private.example/",
        "https://mixed.example/",
        "https://public.example:25/",
        "https://me@public.example/",
    ],
)
def test_a_webhook_url_without_a_public_address_is_refused(call: Api, url: str):
    refusal = call("PUT /v1/webhooks/crm", {**HOOK, "url": url})
    assert (refusal.status, refusal.code) == (422, "url_not_allowed")
    assert [(fault["field"], fault["code"]) for fault in refusal.json["errors"]] == [("url", "url_not_allowed")]
    assert call("GET /v1/webhooks").json["items"] == []


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    "url", ["https://public.example/", "https://not-yet.example/hook?a=b", "https://8.8.8.8:8443/"]
)
def test_a_public_webhook_url_and_one_of_an_unresolved_host_are_accepted(call: Api, url: str):
    assert call("PUT /v1/webhooks/crm", {**HOOK, "url": url}).json["url"] == url


@pytest.mark.parametrize("events", [[], ["code.invented"], "code.held"])
def test_an_empty_or_unknown_list_of_events_is_refused(call: Api, events: object):
    assert call("PUT /v1/webhooks/crm", {**HOOK, "events": events}).status == 422


def test_deliveries_are_listed_newest_first_in_pages(crm: Api):
    deliveries = [a_delivery("crm", f"order-{number}") for number in range(5)]
    for delivery in deliveries:
        bootstrap.deliveries().add_delivery(delivery)
    bootstrap.deliveries().add_delivery(a_delivery("crm2"))
    pages, query = [], "?limit=2"
    for _ in range(3):
        page = crm(f"GET /v1/webhooks/crm/deliveries{query}").json
        pages.append([one["delivery_id"] for one in page["items"]])
        query = f"?limit=2&cursor={page['next']}"
    expected = sorted((delivery.delivery_id for delivery in deliveries), reverse=True)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [delivery_id for page in pages for delivery_id in page] == expected
    assert page["next"] is None


def test_a_new_webhook_does_not_inherit_deliveries_of_a_deleted_one_of_its_name(crm: Api):
    old = a_delivery("crm")
    bootstrap.deliveries().add_delivery(old)
    crm("DELETE /v1/webhooks/crm")
    crm("PUT /v1/webhooks/crm", HOOK)
    assert crm("GET /v1/webhooks/crm/deliveries").json["items"] == []
    assert crm(f"POST /v1/webhooks/crm/deliveries/{old.delivery_id}/replay").status == 404


def test_a_replay_is_due_at_once_and_wakes_a_worker(crm: Api):
    delivery = a_delivery("crm", due_at=None)
    bootstrap.deliveries().add_delivery(delivery)
    second = crm(f"POST /v1/webhooks/crm/deliveries/{delivery.delivery_id}/replay")
    assert (second.status, second.json["status"]) == (202, "pending")
    assert second.json["next_attempt_at"] is not None
    assert queued_bodies() == ['{"organiser_id": "demo", "webhook_id": "crm", "fresh": true}']


def test_no_delivery_to_a_disabled_webhook_is_replayed(crm: Api):
    delivery = a_delivery("crm")
    bootstrap.deliveries().add_delivery(delivery)
    crm("PUT /v1/webhooks/crm", {**HOOK, "enabled": False})
    refusal = crm(f"POST /v1/webhooks/crm/deliveries/{delivery.delivery_id}/replay")
    assert (refusal.status, refusal.code) == (409, "webhook_disabled")


@pytest.mark.parametrize("host", ["shop.example", "203.0.113.7"])
def test_the_local_stack_accepts_plain_http_only_for_itself(call: Api, monkeypatch: pytest.MonkeyPatch, host: str):
    monkeypatch.setattr(bootstrap, "resolve", lambda host, _port: [host] if host[0].isdigit() else [])
    assert call("PUT /v1/webhooks/crm", {**HOOK, "url": "http://127.0.0.1:9/hook"}).status == 200
    assert call("PUT /v1/webhooks/crm", {**HOOK, "url": f"http://{host}/hook"}).code == "url_not_allowed"
