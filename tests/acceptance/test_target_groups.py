"""The main job, from the organiser's file to the checkout's answer, on the whole stack."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from tests.acceptance.client import Api, a_name, eventually

SAMPLES = Path(__file__).parents[2] / "samplecsv"


def check(checkout: Api, code: str, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = checkout.post("/v1/check", {"code": code, **more})["code"]
    return answer


@pytest.mark.behaviour(1, 29, 35, 42, 51, 55)
def test_an_imported_code_is_redeemed_once(organiser: Api, checkout: Api) -> None:
    code = a_name("testing1")
    record = organiser.import_file(f"Code,Quantity\n{code},1\n".encode(), group=a_name("Presale"))
    assert (record["status"], record["counts"]) == ("complete", {"total": 1, "imported": 1, "refused": 0})
    answer = check(checkout, code)
    assert answer["valid"]
    assert answer["grants"][0]["remaining"] == 1
    redemption = checkout.call("POST", "/v1/redemptions", {"code": code, "order_id": "o-1"})
    assert (redemption.status_code, redemption.json()["remaining"]) == (201, 0)
    second = checkout.call("POST", "/v1/redemptions", {"code": code, "order_id": "o-2"})
    assert (second.status_code, second.json()["code"]) == (409, "used_up")
    assert check(checkout, code) == {**check(checkout, code), "valid": False, "reasons": ["used_up"]}


def test_the_same_order_twice_is_one_redemption(organiser: Api, checkout: Api) -> None:
    code = a_name("twice")
    organiser.import_file(f"Code,Quantity\n{code},5\n".encode(), group=a_name("Twice"))
    first, second = (checkout.call("POST", "/v1/redemptions", {"code": code, "order_id": "o"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert check(checkout, code)["grants"][0]["remaining"] == 4


def test_thirty_two_clients_at_once_never_take_more_than_the_quantity(organiser: Api, checkout: Api) -> None:
    code = a_name("rush")
    organiser.import_file(f"Code,Quantity\n{code},10\n".encode(), group=a_name("Rush"))

    def take(buyer: int) -> int:
        return checkout.call("POST", "/v1/redemptions", {"code": code, "order_id": f"o-{buyer}"}).status_code

    with ThreadPoolExecutor(32) as buyers:
        statuses = list(buyers.map(take, range(32)))
    assert sorted(statuses) == [201] * 10 + [409] * 22
    assert check(checkout, code)["grants"][0]["remaining"] == 0


@pytest.mark.behaviour(36, 37, 50)
def test_a_barcode_opens_the_category_of_its_row_only(organiser: Api, checkout: Api) -> None:
    one, other = a_name("1231245"), a_name("1231246")
    text = f"Barcode,Quantity,Category\n{one},1,Section2\n{other},1,Section3\n"
    organiser.import_file(text.encode(), group=a_name("Sections"))
    assert check(checkout, one, category="section2")["valid"]
    assert check(checkout, one, category="Section3") == {
        **check(checkout, one, category="Section3"),
        "valid": False,
        "reasons": ["wrong_category"],
    }
    assert check(checkout, other)["grants"][0]["category"] == "Section3"


@pytest.mark.behaviour(38, 39, 40, 48, 52)
def test_an_email_unlocks_its_seat_without_regard_to_case(organiser: Api, checkout: Api) -> None:
    email = f"Mail.{a_name('x').replace(' ', '')}@Company.Net"
    text = f"Email,quantity,Seat Label\n{email},1,South-3\n"
    record = organiser.import_file(text.encode(), group=a_name("Seats"), consent=True)
    redemption = checkout.post("/v1/redemptions", {"email": email.upper(), "seat": "South-3", "order_id": "o"})
    assert redemption["group_id"] == record["group_id"]
    wrong = checkout.call("POST", "/v1/redemptions", {"email": email, "seat": "North-1", "order_id": "o-2"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_seat")


@pytest.mark.behaviour(41)
def test_the_garbled_example_imports_its_good_row_and_reports_the_other(organiser: Api) -> None:
    data = b"Email,quantity,Seat Label\n,1,North-1\nMail@Company.Net,1,South-3\n"
    record = organiser.import_file(data, group=a_name("Garbled"), consent=True)
    assert (record["status"], record["counts"]) == ("partial", {"total": 2, "imported": 1, "refused": 1})
    assert [(problem["line"], problem["code"]) for problem in record["problems"]] == [(2, "no_code_or_email")]


@pytest.mark.behaviour(58, 60, 61, 62, 34)
def test_the_uploader_gets_one_mail_with_the_reference(organiser: Api) -> None:
    address = f"{a_name('up').replace(' ', '-')}@example.com"
    name = a_name("Mailed")
    record = organiser.import_file(b"Code\nmailed-1\n", group=name, notify=address)
    mails = organiser.wait_for_mails(address)
    assert len(mails) == 1
    assert name in mails[0]["subject"] + mails[0]["text"]
    assert record["import_id"] in mails[0]["text"]
    assert record["import_id"] in mails[0]["html"]


@pytest.mark.behaviour(2, 59)
def test_a_spreadsheet_that_is_not_csv_is_refused_with_a_mail_that_names_csv(organiser: Api) -> None:
    address = f"{a_name('bad').replace(' ', '-')}@example.com"
    record = organiser.import_file(b"PK\x03\x04" + bytes(200), group=a_name("Bad"), notify=address)
    assert (record["status"], record["reason"]) == ("failed", "not_csv")
    assert "CSV" in organiser.wait_for_mails(address)[0]["text"]


@pytest.mark.behaviour(32, 33)
def test_a_name_that_is_taken_is_refused_and_another_organiser_may_use_it(organiser: Api, other: Api) -> None:
    name = a_name("Same")
    organiser.import_file(b"Code\nsame-1\n", group=name)
    second = organiser.import_file(b"Code\nsame-2\n", group=name.upper())
    assert (second["status"], second["reason"]) == ("failed", "group_exists")
    assert other.import_file(b"Code\nsame-1\n", group=name)["status"] == "complete"


def test_a_replaced_list_has_the_new_codes_and_keeps_the_uses(organiser: Api, checkout: Api) -> None:
    name, kept_code, removed_code = a_name("Replaced"), a_name("kept"), a_name("gone")
    organiser.import_file(f"Code,Quantity\n{kept_code},3\n{removed_code},1\n".encode(), group=name)
    checkout.post("/v1/redemptions", {"code": kept_code, "order_id": "o"})
    record = organiser.import_file(f"Code,Quantity\n{kept_code},4\n".encode(), group=name, mode="replace")
    assert record["status"] == "complete"
    assert check(checkout, kept_code)["grants"][0]["remaining"] == 3
    assert check(checkout, removed_code)["reasons"] == ["unknown_code"]


def test_rows_are_appended_and_removed_again(organiser: Api, checkout: Api) -> None:
    name, first, second = a_name("Grown"), a_name("first"), a_name("second")
    organiser.import_file(f"Code\n{first}\n".encode(), group=name)
    addition = organiser.import_file(f"Code\n{first}\n{second}\n".encode(), group=name, mode="append")
    assert addition["counts"] == {"total": 2, "imported": 1, "refused": 1}
    assert addition["problems"][0]["code"] == "duplicate_existing"
    assert check(checkout, second)["valid"]
    removal = organiser.import_file(f"Code\n{first}\nnever-there\n".encode(), group=name, mode="remove")
    assert [problem["code"] for problem in removal["problems"]] == ["unknown_entry"]
    assert not check(checkout, first)["valid"]


def test_the_file_of_refused_rows_is_imported_once_corrected(organiser: Api, checkout: Api) -> None:
    name, code = a_name("Mended"), a_name("mend")
    record = organiser.import_file(f"Code;Quantity\ngood-{code};1\n{code};none\n".encode(), group=name)
    assert record["refused_file"]
    link = organiser.call("GET", f"/v1/imports/{record['import_id']}/refused.csv")
    assert link.status_code == 302
    refused_rows = requests.get(link.headers["Location"], timeout=30).content.decode()
    assert refused_rows.splitlines()[1].startswith(f"{code};none;3;Quantity;bad_quantity;")
    second = organiser.import_file(refused_rows.replace(";none;", ";2;").encode(), group=name, mode="append")
    assert second["counts"] == {"total": 1, "imported": 1, "refused": 0}
    assert check(checkout, code)["grants"][0]["quantity"] == 2


@pytest.mark.behaviour(30)
def test_a_file_dropped_into_the_bucket_becomes_the_list_of_its_folder(organiser: Api, checkout: Api) -> None:
    name, code = a_name("Drøp+ på"), a_name("dropped")
    local = requests.get(f"{organiser.address}/local", timeout=10).json()
    bucket = boto3.client(
        "s3",
        endpoint_url=local["aws_endpoint"],
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    key = f"drop/demo/target-groups/{name}/my list+1.csv"
    bucket.put_object(Bucket=local["bucket"], Key=key, Body=f"Code\n{code}\n".encode())
    answer = eventually(lambda: ((decision := check(checkout, code))["valid"] and decision) or None)
    assert answer["grants"][0]["group"] == name
    bucket.put_object(Bucket=local["bucket"], Key=key, Body=f"Code\nnew-{code}\n".encode())
    eventually(lambda: check(checkout, f"new-{code}")["valid"] or None)
    assert check(checkout, code)["reasons"] == ["unknown_code"]


@pytest.mark.behaviour(56)
def test_emails_without_consent_are_refused(organiser: Api) -> None:
    record = organiser.import_file(b"Email\nsomebody@example.com\n", group=a_name("No consent"))
    assert (record["status"], record["reason"]) == ("failed", "consent_required")


def test_a_personal_code_works_only_with_its_email(organiser: Api, checkout: Api) -> None:
    code = a_name("personal")
    organiser.import_file(f"Code,Email\n{code},mine@example.com\n".encode(), group=a_name("Mine"), consent=True)
    assert check(checkout, code)["reasons"] == ["wrong_email"]
    mine = {"email": "Mine@Example.com", "authenticated": False}
    assert check(checkout, code, customer=mine)["valid"]


@pytest.mark.behaviour(47, 49, 52)
def test_a_code_with_several_seats_unlocks_all_of_them(organiser: Api, checkout: Api) -> None:
    code = a_name("seats")
    organiser.import_file(f"Code,Seat\n{code},North-1\n{code},South-3\n".encode(), group=a_name("Seated"))
    answer = check(checkout, code)
    assert sorted(grant["seat"] for grant in answer["grants"]) == ["North-1", "South-3"]
    assert check(checkout, code, seats=["North-1"])["valid"]
    assert check(checkout, code, seats=["East-9"])["reasons"] == ["wrong_seat"]


def test_on_error_abort_stores_nothing_when_a_row_is_refused(organiser: Api, checkout: Api) -> None:
    code = a_name("abort")
    text = f"Code,Quantity\n{code},1\n{code}-2,zero\n"
    record = organiser.import_file(text.encode(), group=a_name("Abort"), on_error="abort")
    assert (record["status"], record["reason"]) == ("failed", "rows_refused")
    assert check(checkout, code)["reasons"] == ["unknown_code"]
