"""Groups as files, from the call to the file that its answer leads to."""

import csv
from io import StringIO

import boto3
import pytest
import requests
from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib.bootstrap import exports
from guestlist.aws.table import Table
from guestlist.lists.entry import Entry
from tests.functions.builders import a_list
from tests.functions.conftest import Api, ApiResponse

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")


def rows(answer: ApiResponse) -> list[dict[str, str]]:
    """The file that a response redirects to."""
    assert answer.status == 302
    file = requests.get(answer.headers["Location"], timeout=10)
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in file.headers["Content-Disposition"]
    return list(csv.DictReader(StringIO(file.content.decode("utf-8-sig"), newline="")))


@pytest.mark.behaviour(215)
def test_members_of_a_manual_group_are_exported(call: Api):
    group_id = call("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    people = [{"email": "Anna@example.com", "name": "=Anna"}, {"email": "bo@example.com"}]
    call(f"POST /v1/groups/{group_id}/members", {"customers": people})
    members = rows(call(f"GET /v1/groups/{group_id}/export.csv"))
    assert [(row["Email"], row["Name"], row["Customer groups"]) for row in members] == [
        ("Anna@example.com", "'=Anna", "Friends"),
        ("bo@example.com", "", "Friends"),
    ]


def test_entries_of_a_target_group_are_exported_with_their_uses(call: Api, api_table: Table):
    group_id = a_list(api_table, Entry(code="SPRING", quantity=3, seat="A-1"), Entry(email="bo@example.com"))
    call("POST /v1/redemptions", {"code": "spring", "order_id": "1", "quantity": 2})
    entries = rows(call(f"GET /v1/groups/{group_id}/export.csv"))
    assert sorted(entries, key=lambda row: row["Code"], reverse=True) == [
        {"Code": "SPRING", "Email": "", "Category": "", "Seat": "A-1", "Quantity": "3", "Used": "2", "Held": "0"},
        {"Code": "", "Email": "bo@example.com", "Category": "", "Seat": "", "Quantity": "1", "Used": "0", "Held": "0"},
    ]


def test_an_export_may_be_filtered_by_use(call: Api, api_table: Table):
    group_id = a_list(api_table, Entry(code="SPRING", quantity=2), Entry(code="AUTUMN"), Entry(code="WINTER"))
    call("POST /v1/redemptions", {"code": "spring", "order_id": "1"})
    call("POST /v1/redemptions", {"code": "winter", "order_id": "2"})
    files = {
        usage: rows(call(f"GET /v1/groups/{group_id}/export.csv?used={usage}")) for usage in ("none", "some", "all")
    }
    assert {usage: sorted((row["Code"], row["Used"]) for row in file) for usage, file in files.items()} == {
        "none": [("AUTUMN", "0")],
        "some": [("SPRING", "1"), ("WINTER", "1")],
        "all": [("WINTER", "1")],
    }


def test_only_the_entries_of_a_list_are_used(call: Api):
    group_id = call("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    answer = call(f"GET /v1/groups/{group_id}/export.csv?used=none")
    assert (answer.status, answer.json["code"]) == (409, "not_target_group")


def test_the_file_of_an_empty_list_is_its_header(call: Api):
    group_id = call("POST /v1/groups", {"name": "Codes", "type": "target"}).json["group_id"]
    assert rows(call(f"GET /v1/groups/{group_id}/export.csv")) == []


def test_a_deleted_group_is_still_exported(call: Api, api_table: Table):
    group_id = a_list(api_table, Entry(code="SPRING"))
    call(f"DELETE /v1/groups/{group_id}")
    assert [row["Code"] for row in rows(call(f"GET /v1/groups/{group_id}/export.csv"))] == ["SPRING"]


@pytest.mark.behaviour(216)
def test_a_large_export_is_written_by_the_worker_and_fetched_later(call: Api, api_table: Table, worker: "Worker"):
    codes = [f"CODE-{number:04d}" for number in range(1_200)]
    group_id = a_list(api_table, *(Entry(code=code) for code in codes), partitions=7)
    answer = call(f"GET /v1/groups/{group_id}/export.csv")
    assert (answer.status, answer.headers["Retry-After"]) == (202, "5")
    worker.run()
    entries = rows(call(f"GET /v1/groups/{group_id}/export.csv"))
    assert sorted(row["Code"] for row in entries) == codes


def test_a_large_filtered_export_is_written_beside_the_whole_one(call: Api, api_table: Table, worker: "Worker"):
    codes = [f"CODE-{number:04d}" for number in range(1_200)]
    group_id = a_list(api_table, *(Entry(code=code) for code in codes), partitions=7)
    call("POST /v1/redemptions", {"code": "code-0007", "order_id": "1"})
    paths = [f"GET /v1/groups/{group_id}/export.csv{more}" for more in ("", "?used=none", "?used=all")]
    assert [call(path).status for path in paths] == [202, 202, 202]
    for _ in paths:
        worker.run()
    all_codes, unused_codes, used_codes = [sorted(row["Code"] for row in rows(call(path))) for path in paths]
    assert (all_codes, used_codes) == (codes, ["CODE-0007"])
    assert unused_codes == [code for code in codes if code != "CODE-0007"]


def test_another_organisers_group_is_not_exported(call: Api, api_table: Table):
    group_id = a_list(api_table, Entry(code="SPRING"))
    assert call.as_("other-organiser")(f"GET /v1/groups/{group_id}/export.csv").status == 404
    assert call.as_("demo-checkout")(f"GET /v1/groups/{group_id}/export.csv").status == 403


class Worker:
    """The worker of the queue."""

    def run(self) -> None:
        """Carry out the request of one message."""
        from chalicelib.events.uploads import import_files

        queue = exports.queue()
        client, url = boto3.client("sqs"), queue._url  # noqa: SLF001 - the queue is only written to by us
        [message] = client.receive_message(QueueUrl=url)["Messages"]
        record = {"messageId": message["MessageId"], "body": message["Body"], "eventSource": "aws:sqs"}
        answer = import_files({"Records": [record]}, _Context())
        assert answer == {"batchItemFailures": []}


class _Context(LambdaContext):
    function_name = "import_files"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:eu-west-1:000000000000:function:import_files"
    aws_request_id = "r1"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 900_000


@pytest.fixture
def worker() -> Worker:
    """The function that the queue wakes."""
    return Worker()
