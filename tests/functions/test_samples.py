"""Sample files."""

import csv

import pytest

from tests.functions.conftest import Api

HEADERS = {
    "target_group": ["Code", "Email", "Category", "Seat", "Quantity"],
    "customers": ["Email", "Name", "Customer groups", "Removal date"],
    "tickets": ["Ticket code", "Name", "Email", "Original date", "Ticket type", "Seat", "Order"],
    "purchases": ["Order", "Email", "Name", "Sale item", "Quantity", "Purchased at"],
}


@pytest.mark.behaviour(23, 24)
@pytest.mark.parametrize("kind", HEADERS)
def test_a_sample_of_each_kind_can_be_downloaded(call: Api, kind: str):
    answer = call(f"GET /v1/samples/{kind}.csv")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, *rows = csv.reader(answer.text.splitlines())
    assert header == HEADERS[kind]
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(header)}
    assert "{" not in answer.text


@pytest.mark.parametrize("kind", ["tickets", "purchases"])
def test_each_download_of_a_sample_has_other_codes(call: Api, kind: str):
    first, second = (call(f"GET /v1/samples/{kind}.csv").text.splitlines()[1:] for _ in range(2))
    assert not set(first) & set(second)


@pytest.mark.parametrize(("message", "sign"), [("%3B", ";"), ("tab", "\t"), ("%2C", ",")])
@pytest.mark.parametrize("kind", HEADERS)
def test_a_sample_has_the_requested_delimiter(call: Api, kind: str, message: str, sign: str):
    header, *rows = csv.reader(
        call(f"GET /v1/samples/{kind}.csv?delimiter={message}").text.splitlines(), delimiter=sign
    )
    assert header == HEADERS[kind]
    assert {len(row) for row in rows} == {len(header)}
