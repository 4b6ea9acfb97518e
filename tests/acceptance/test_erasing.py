"""Erasing a person on the whole stack: no stored data names them, and others lose nothing."""

import csv
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
import requests
from boto3.dynamodb.types import TypeDeserializer

from tests.acceptance.client import Api, a_name, eventually
from tests.acceptance.stack_admin import StackAdmin
from tests.acceptance.stacks import Stack

ROWS = 3_000
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")
REPORTED = ["refused_line", "refused_column", "refused_code", "refused_reason"]
_plain = TypeDeserializer().deserialize


def items(stack: Stack) -> list[str]:
    """Every item of the table as text, in lower case."""
    table = stack.local()["table"]
    pages = stack.aws("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [
        repr({name: _plain(value) for name, value in one.items()}).lower() for page in pages for one in page["Items"]
    ]


def objects(stack: Stack) -> dict[tuple[str, str], bytes]:
    """Every version of every object in the bucket, in lower case, by key and version."""
    bucket, s3 = stack.local()["bucket"], stack.aws("s3")
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    versions = [one for page in pages for one in page.get("Versions", [])]
    return {
        (one["Key"], one["VersionId"]): s3.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])["Body"]
        .read()
        .lower()
        for one in versions
    }


def naming(stack: Stack, email: str) -> list[str]:
    """The places that contain the address: items of the table and versions of objects."""
    forms = [email.lower().encode(encoding) for encoding in ENCODINGS]
    leftovers = [item[:200] for item in items(stack) if email.lower() in item or address_start(email) in item]
    files = objects(stack)
    leftovers += [f"{key} {text[:80]!r}" for (key, _), text in files.items() if any(form in text for form in forms)]
    return leftovers + [key for key, _ in files if email.lower() in key.lower()]


def address_start(email: str) -> str:
    """The beginning of the address, which a packed list keeps apart from its domain."""
    return email.lower().partition("@")[0] + "@"


def erase(organiser: Api, email: str) -> dict[str, Any]:
    """Erase a customer and return the proof, once the erasure is complete."""
    answer = organiser.call("DELETE", f"/v1/customers/{email}")
    assert (answer.status_code, answer.json()["done_at"]) == (202, None)

    def poll() -> dict[str, Any] | None:
        proof: dict[str, Any] = organiser.get(f"/v1/customers/{email}/erasure")
        return proof if proof["done_at"] else None

    return eventually(poll)


@pytest.fixture
def org(stack: Stack) -> str:
    """An organiser of our own: all that one has is looked through for whom to erase."""
    return StackAdmin(stack).new_organiser()


@pytest.fixture
def organiser(stack: Stack, org: str) -> Api:
    """The API for that organiser."""
    return Api(stack.address, f"{org}-organiser")


@pytest.fixture
def checkout(stack: Stack, org: str) -> Api:
    """The API for that organiser's checkout."""
    return Api(stack.address, f"{org}-checkout")


@pytest.fixture
def word() -> str:
    """Part of names that no other test uses."""
    return uuid4().hex[:10]


def test_nothing_stored_names_an_erased_person_and_nobody_else_loses_data(
    organiser: Api, checkout: Api, stack: Stack, word: str
) -> None:
    ann, bob, event = f"Ann.{word}@Example.com", f"bob.{word}@example.com", f"event-{word}"
    name, group = a_name("Guests"), a_name("Members")
    # A list of thousands, replaced, with rows appended and others removed.
    rows = [f"code{number}-{word},p{number}.{word}@example.com,1" for number in range(ROWS)]
    mine = [f",{ann},2", f"ann-{word},{ann.upper()},3", f",{bob},2"]
    text = "\n".join(["Code,Email,Quantity", *rows[:900], *mine, *rows[900:], f"bad,{ann},none"])
    first = organiser.import_file(text.encode("utf-16"), group=name, consent=True)
    addition = organiser.import_file(
        f"Email,Seat\n{ann},A-1\n{bob},A-2\n".encode(), group=name, mode="append", consent=True
    )
    organiser.import_file(f"Email,Seat\n{ann},A-1\n".encode(), group=name, mode="remove", consent=True)
    second = organiser.import_file(text.encode(), group=name, mode="replace", consent=True)
    organiser.import_file(f"Email,Seat\n{ann},A-1\n{bob},A-2\n".encode(), group=name, mode="append", consent=True)
    # Files of customers, tickets and purchases, a single ticket, a purchase, a redemption and a mail.
    members = organiser.post("/v1/groups", {"name": group, "type": "manual"})["group_id"]
    welcome = {"enabled": True, "subject": "Hello", "header": "Hello", "greeting": "Hello", "body": "Welcome"}
    organiser.call("PATCH", f"/v1/groups/{members}", {"welcome_email": welcome})
    # The last row has the address in a cell that slipped, which is refused as no group.
    people = (
        f'Email;Name;Customer groups\n{ann};"Ann\nJones";{group}\n{bob};Bob;{group}\nnot an address {ann};;\n'
        f"cy.{word}@example.com;Cy;{ann}\n"
    )
    organiser.import_file(people.encode("utf-8-sig"), "customers", consent=True, notify=ann)
    organiser.put(f"/v1/events/{event}", {"name": "Festival"})
    organiser.put(f"/v1/sale-items/{event}", {"name": "Ticket", "event_id": event})
    tickets = f"Ticket code,Name,Email\n1{word},Ané,{ann}\n2{word},Bob,{bob}\n1{word},Ann,{ann}\n"
    ticket_import = organiser.import_file(tickets.encode("cp1252"), "tickets", event_id=event, when_full="continue")
    organiser.post(
        f"/v1/events/{event}/tickets", {"code": f"3{word}", "when_full": "stop", "email": ann, "name": "Ann"}
    )
    purchases = f"Order,Email,Sale item,Quantity\nf-{word},{ann},{event},1\ng-{word},{bob},{event},1\n"
    organiser.import_file(purchases.encode(), "purchases")
    order = {"order_id": word, "customer": {"email": ann}, "lines": [{"sale_item_id": event, "quantity": 2}]}
    checkout.post("/v1/purchases", order, **{"Idempotency-Key": word})
    redemption = checkout.post("/v1/redemptions", {"email": ann, "order_id": word, "quantity": 1})
    assert organiser.wait_for_mails(ann)
    waiting = organiser.start_import(
        f"Code,Email\nw,{ann}\nv,{bob}\n".encode(), review=True, group=a_name("W"), consent=True
    )
    organiser.wait_for_status(waiting, {"awaiting_review"})
    export(organiser, members)
    sales = organiser.get(f"/v1/events/{event}")["sales"]
    assert len(naming(stack, ann)) > 20

    proof = erase(organiser, ann)

    assert naming(stack, ann) == []
    assert proof["by"] == "local organiser"
    assert organiser.get(f"/v1/customers/{ann}/erasure") == proof
    # What was counted stays.
    for record in (first, addition, second, ticket_import):
        assert organiser.get(f"/v1/imports/{record['import_id']}")["counts"] == record["counts"]
    assert organiser.get(f"/v1/events/{event}")["sales"] == sales
    assert len(organiser.get(f"/v1/events/{event}/tickets?imported=true")["items"]) == 3
    assert checkout.post(f"/v1/redemptions/{redemption['redemption_id']}/release")["status"] == "released"
    # The list answers everyone else, and has as many rows as it says.
    (target_group,) = organiser.get(f"/v1/groups?name={name.split()[1]}")["items"]
    assert target_group["members"] == ROWS + 2
    assert not can_redeem(checkout, email=ann)
    assert not can_redeem(checkout, code=f"ann-{word}", email=ann)
    assert can_redeem(checkout, email=bob, quantity=2)
    assert can_redeem(checkout, email=bob, seat="A-2")
    for number in range(0, ROWS, 97):
        assert can_redeem(checkout, code=f"code{number}-{word}", email=f"p{number}.{word}@example.com")
    assert refused_rows(organiser, first)[0] == ["Code", "Email", "Quantity", *REPORTED]
    # What waited for its review goes on without the person.
    assert organiser.post(f"/v1/imports/{waiting}/confirm")["status"] == "importing"
    assert organiser.wait_until_ended(waiting)["counts"] == {"total": 1, "imported": 1, "refused": 0}
    assert naming(stack, ann) == []


def test_an_erased_person_can_become_a_customer_again(organiser: Api, checkout: Api, word: str) -> None:
    ann = f"ann.{word}@example.com"
    organiser.import_file(f"Email\n{ann}\n".encode(), group=a_name("Before"), consent=True)
    erase(organiser, ann)
    assert not can_redeem(checkout, email=ann)
    organiser.import_file(f"Email\n{ann}\n".encode(), group=a_name("After"), consent=True)
    assert can_redeem(checkout, email=ann)


def test_a_dropped_file_that_is_rewritten_is_not_imported_again(
    organiser: Api, stack: Stack, org: str, word: str
) -> None:
    ann, bob = f"ann.{word}@example.com", f"bob.{word}@example.com"
    group = organiser.post("/v1/groups", {"name": a_name("Dropped"), "type": "manual"})
    text = f"Email,Customer groups\n{ann},{group['name']}\n{bob},{group['name']}\n"
    key = f"drop/{org}/customers/{word}.csv"
    stack.aws("s3").put_object(Bucket=stack.local()["bucket"], Key=key, Body=text.encode())

    def imports() -> list[dict[str, Any]]:
        return [
            one for one in organiser.get("/v1/imports?kind=customers")["items"] if one["file_name"] == f"{word}.csv"
        ]

    eventually(lambda: [one for one in imports() if one["status"] == "complete"] or None)
    erase(organiser, ann)
    stack.local("/schedules/expiry/run", {})
    assert [one["status"] for one in imports()] == ["complete"]
    assert [one["email"] for one in organiser.get(f"/v1/groups/{group['group_id']}/members")["items"]] == [bob]
    assert naming(stack, ann) == []
    assert len(naming(stack, bob)) > 2


def test_only_erased_people_have_a_proof_of_erasure(organiser: Api, other: Api, word: str) -> None:
    ann = f"ann.{word}@example.com"
    erase(organiser, ann)
    assert organiser.call("GET", f"/v1/customers/x{ann}/erasure").status_code == 404
    assert other.call("GET", f"/v1/customers/{ann}/erasure").status_code == 404


def can_redeem(checkout: Api, **who: Any) -> bool:
    """Whether this code or address can be redeemed."""
    answer = checkout.call("POST", "/v1/redemptions", {"order_id": uuid4().hex, **who})
    assert answer.status_code in {201, 404, 409}
    return answer.status_code == 201


def export(organiser: Api, group_id: str) -> list[list[str]]:
    """Export a group and return the rows of its file."""

    def poll() -> str | None:
        answer = organiser.call("GET", f"/v1/groups/{group_id}/export.csv")
        return answer.headers["Location"] if answer.status_code == 302 else None

    return list(csv.reader(StringIO(download(eventually(poll)))))


def refused_rows(organiser: Api, record: dict[str, Any]) -> list[list[str]]:
    """The refused rows of the import as they are kept, their header first; blank ones are left out."""
    answer = organiser.call("GET", f"/v1/imports/{record['import_id']}/refused.csv")
    return [row for row in csv.reader(StringIO(download(answer.headers["Location"]))) if row]


def download(link: str) -> str:
    """Download the file of a link, without its byte order mark."""
    return requests.get(link, timeout=30).content.decode("utf-8-sig")
