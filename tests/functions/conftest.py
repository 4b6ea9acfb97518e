"""The API over a table and a bucket of its own, with two organisers and their tokens."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from uuid import uuid4

import boto3
import pytest
from chalice.local import LocalChalice
from chalice.test import Client

from chalicelib import api
from chalicelib.bootstrap import adapters, webhooks
from chalicelib.routes import check
from guestlist.aws import bucket, clients, settings, sqs, table
from guestlist.aws.table import Table
from guestlist.dead_letters import store as dead_letters_store
from guestlist.lists.entry import Entry
from guestlist.mail.suppressions import Suppressions
from guestlist.model import clock
from guestlist.organisers.model import Organiser, Scope, Token, hash_token
from guestlist.organisers.store import Organisers
from tests.engines.tables import client, keyed, new_table
from tests.fakes.webhooks import a_delivery
from tests.functions.builders import DIGEST_KEY, a_list
from tests.functions.document import assert_documented

TICKET = {"code": "123", "when_full": "continue", "name": "Anna", "email": "anna@example.com"}
_CACHED: list[ModuleType] = [settings, clients, table, bucket, sqs, dead_letters_store, adapters, webhooks, check]


@dataclass(frozen=True)
class ApiResponse:
    """A response."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        return self.json["code"]


@dataclass(frozen=True)
class Api:
    """The API as one caller uses it."""

    client: Client
    token: str | None = "demo-organiser"
    more: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, call: str, body: Any = None, **headers: str) -> ApiResponse:
        method, path = call.split(" ", 1)
        sent_headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent_headers |= {**self.more, **{name.replace("_", "-"): value for name, value in headers.items()}}
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        if raw:
            sent_headers.setdefault("Content-Type", "application/json")
        answer = self.client.http.request(method, path, headers=sent_headers, body=raw)
        response = ApiResponse(answer.status_code, answer.headers, answer.body.decode())
        assert_documented(method, path, response.status, answer.headers.get("Content-Type", ""), response.text)
        return response

    def as_(self, token: str | None) -> "Api":
        """The same API for the bearer of another token."""
        return Api(self.client, token)


def _forget() -> None:
    for module in _CACHED:
        for member in vars(module).values():
            if hasattr(member, "cache_clear"):
                member.cache_clear()


@pytest.fixture
def api_table(ministack: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    """The table that the API uses."""
    new_api_table = new_table(ministack)
    name = f"files-{uuid4().hex[:12]}"
    for variable, value in {
        "AWS_ENDPOINT_URL": ministack,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "TABLE_NAME": new_api_table._name,  # noqa: SLF001 - the API is told the name, not the table
        "BUCKET_NAME": name,
        "DIGEST_KEY": DIGEST_KEY.decode(),
        "KEYED_SINCE": "2020-01-01T00:00:00+00:00",
    }.items():
        monkeypatch.setenv(variable, value)
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    monkeypatch.setenv("QUEUE_URL", boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"])
    queue = boto3.client("sqs").create_queue(QueueName=f"webhooks-{name}")
    monkeypatch.setenv("WEBHOOK_QUEUE_URL", queue["QueueUrl"])
    _forget()
    yield new_api_table
    _forget()


_SEED: list[Any] = []
"""The items of the organisers and their tokens: stored one by one, they cost a test more than all else."""


def _seed(api_table: Table, engine: Any) -> None:
    name = api_table._name  # noqa: SLF001 - the engine is told the name, not the table
    if not _SEED:
        _save(Organisers(api_table))
        _SEED.extend(engine.scan(TableName=name)["Items"])
        return
    for start in range(0, len(_SEED), 25):
        puts = [{"PutRequest": {"Item": item}} for item in _SEED[start : start + 25]]
        assert engine.batch_write_item(RequestItems={name: puts})["UnprocessedItems"] == {}


def _save(organisers: Organisers) -> None:
    for org in ("demo", "other"):
        organisers.save_organiser(
            Organiser(
                organiser_id=org,
                name=org.title(),
                time_zone="Europe/Amsterdam",
                customer_groups=True,
                senders=(f"{org}.example",),
            )
        )
        for scope in Scope:
            token_hash = hash_token(f"{org}-{scope.value}")
            organisers.save_token(Token(organiser_id=org, scope=scope, name=scope.value, hash=token_hash))


@pytest.fixture
def app(api_table: Table, ministack: str) -> LocalChalice:
    """The app, over two organisers with a token of each scope."""
    _seed(api_table, client(ministack))
    new_app = LocalChalice(app_name="guestlist", configure_logs=False)
    new_app.register_blueprint(api.blueprint())
    return new_app


@pytest.fixture
def call(app: LocalChalice) -> Iterator[Api]:
    """The API for the bearer of `demo-organiser`."""
    with Client(app, project_dir="functions") as http_client:
        yield Api(http_client)


@pytest.fixture
def demo_ids(call: Api, api_table: Table) -> Mapping[str, str]:
    """The ids of data of every kind of the organiser `demo`, by path parameter."""
    call("PUT /v1/schedules/summer", {"name": "Summer"})
    call("PUT /v1/events/gala", {"name": "Gala", "schedule_id": "summer"})
    call("PUT /v1/inventory-items/standing", {"name": "Standing"})
    call("PUT /v1/sale-items/early", {"name": "Early", "event_id": "gala", "inventory_item_id": "standing"})
    call("PUT /v1/discounts/SAVE", {"percent": 10})
    call("POST /v1/events/gala/tickets", TICKET)
    group_id = call("POST /v1/groups", {"name": "Fans", "type": "manual"}).json["group_id"]
    call(f"POST /v1/groups/{group_id}/members", {"customers": [{"email": "anna@example.com"}]})
    call("PUT /v1/sale-items/early/restriction", {"group_ids": [group_id]})
    a_list(api_table, Entry(code="FRIENDS"))
    Suppressions(keyed(api_table, DIGEST_KEY)).add_suppression("demo", "anna@example.com", "bounce", clock.now())
    hold = call("POST /v1/redemptions", {"code": "FRIENDS", "order_id": "1", "hold_seconds": 600}).json
    order = {"customer": {"email": "anna@example.com"}, "lines": [{"sale_item_id": "early", "quantity": 1}]}
    call("POST /v1/purchases", {"order_id": "order-1", **order})
    request = {"kind": "target_group", "file_name": "list.csv", "group": "Codes"}
    call("PUT /v1/webhooks/crm", {"url": "http://127.0.0.1:9/hook", "events": ["code.held"]})
    delivery = a_delivery("crm")
    webhooks.deliveries().add_delivery(delivery)
    return {
        "schedule_id": "summer",
        "event_id": "gala",
        "inventory_item_id": "standing",
        "sale_item_id": "early",
        "code": "SAVE",
        "group_id": group_id,
        "email": "anna@example.com",
        "order_id": "order-1",
        "redemption_id": hold["redemption_id"],
        "import_id": call("POST /v1/imports", request).json["import_id"],
        "webhook_id": "crm",
        "delivery_id": delivery.delivery_id,
        "version_id": "none",
        "token_id": call("GET /v1/tokens").json["items"][0]["token_id"],
        "session_id": call("POST /v1/session").json["session_id"],
    }
