"""A checkout's world for benchmarks: what stands in the table, and requests as API Gateway hands them over."""

import json
import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.benchmarks.null_endpoint import NullEndpoint, null_endpoint

CODE, ANNA = "SPRING-2026", "anna@example.org"
ITEMS, LISTS, GROUPS = 100, 12, 12
CHECK = "/v1/check"
ONE_CODE: Any = {"code": CODE}
PAGE: Any = {
    "sale_items": [f"item-{number}" for number in range(ITEMS)],
    "customer": {"email": ANNA, "authenticated": True},
}


def prepare(folder: Path, _size: int) -> None:
    """Write `items.json`: `demo` has one list of codes; `venue` has items, and lists and groups with Anna."""
    from guestlist.aws.items import marshal_item
    from guestlist.lists.entry import Entry
    from tests.engines.servers import ministack
    from tests.engines.tables import all_items, new_table
    from tests.fakes.shop import Shop
    from tests.unit.checkout.builders import group, item, member

    with ministack(folder) as address:
        table = new_table(address)
        one, page = Shop(table), Shop(table, "venue")
        one.lists(Entry(CODE, quantity=9), *(Entry(f"code-{n}", quantity=2) for n in range(500)), of=group("friends"))
        people = [group(f"people-{n}", "manual") for n in range(GROUPS)]
        for number in range(LISTS):
            page.lists(Entry("", email=ANNA), *(Entry(f"{number}-{n}") for n in range(50)), of=group(f"list-{number}"))
        page.groups(*people)
        page.joins(*(member(one.group_id) for one in people))
        groups = [f"list-{number}" for number in range(LISTS)] + [one.group_id for one in people]
        page.sells({f"item-{n}": replace(item(groups[n % len(groups)])) for n in range(ITEMS)})
        items = [marshal_item(one) for one in all_items(table)]
    text = json.dumps(items, default=lambda content: b64encode(content).decode())
    (folder / "items.json").write_text(text, encoding="utf-8")


def event(body: Any, org: str = "demo") -> dict[str, Any]:
    """A check as API Gateway's proxy integration sends it."""
    headers = {
        "Accept": "*/*",
        "Accept-Encoding": "gzip, deflate",
        "Authorization": f"Bearer {org}-checkout",
        "Content-Type": "application/json",
        "Host": "abcdefghij.execute-api.eu-west-1.amazonaws.com",
        "User-Agent": "checkout/1.0",
        "X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678",
        "X-Forwarded-For": "203.0.113.7",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    }
    context = {
        "accountId": "123456789012",
        "apiId": "abcdefghij",
        "httpMethod": "POST",
        "identity": {"sourceIp": "203.0.113.7", "userAgent": "checkout/1.0"},
        "path": f"/api{CHECK}",
        "protocol": "HTTP/1.1",
        "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "requestTimeEpoch": 1795291200000,
        "resourcePath": CHECK,
        "stage": "api",
    }
    return {
        "resource": CHECK,
        "path": CHECK,
        "httpMethod": "POST",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": context,
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


CONTEXT = SimpleNamespace(
    function_name="api",
    function_version="$LATEST",
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:api",
    memory_limit_in_mb=1024,
    aws_request_id="c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    log_group_name="/aws/lambda/api",
    log_stream_name="2026/11/21/[$LATEST]1",
    get_remaining_time_in_millis=lambda: 10_000,
)
"""What Lambda hands over beside the event."""


@contextmanager
def table(folder: Path) -> Iterator[NullEndpoint]:
    """The prepared items behind a null endpoint, and the environment of a Lambda beside it."""
    with null_endpoint(json.loads((folder / "items.json").read_text(encoding="utf-8"))) as null:
        os.environ |= environment(null.address)
        yield null


def environment(address: str) -> dict[str, str]:
    """The environment variables of Lambda."""
    return {
        "AWS_ACCESS_KEY_ID": "ASIATESTTESTTESTTEST",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": "token" * 100,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": address,
        "AWS_LAMBDA_FUNCTION_NAME": "api",
        "TABLE_NAME": "table",
    }
