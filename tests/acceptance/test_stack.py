"""The local stack: its processes, stored data, responses and clean-up."""

import json
import signal
import socket
from collections.abc import Iterator
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from infra.libraries import for_this_machine
from tests.acceptance.client import Api, eventually
from tests.acceptance.stacks import ROOT, Stack, is_running, running_stack, start_stack
from tests.engines.servers import free_port

LISTENING = "0A"
PROBLEM = "application/problem+json"


def sockets(stack: Stack) -> set[str]:
    """The inodes of all sockets that the stack's processes hold."""
    inodes = set()
    for pid in stack.processes():
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = str(link.readlink())
            except OSError:
                continue
            inodes |= {target.removeprefix("socket:[").removesuffix("]")} if target.startswith("socket:") else set()
    return inodes


def addresses(table: str, stack: Stack) -> set[str]:
    """The local addresses, in hexadecimal, on which the stack can be reached by that protocol."""
    own = sockets(stack)
    rows = [line.split() for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
    reachable = [row for row in rows if row[9] in own and (row[3] == LISTENING or table.startswith("udp"))]
    return {row[1].split(":")[0] for row in reachable}


def test_nothing_listens_but_on_loopback(stack: Stack) -> None:
    stack.local("/schedules/expiry/run", {})
    assert addresses("tcp", stack) == {"0100007F"}
    assert {table: addresses(table, stack) for table in ("tcp6", "udp", "udp6")} == {
        "tcp6": set(),
        "udp": set(),
        "udp6": set(),
    }


def test_the_deployed_template_is_the_packaged_one(stack: Stack) -> None:
    body = stack.aws("cloudformation").get_template(StackName="guestlist", TemplateStage="Original")["TemplateBody"]
    live_template = json.loads(body) if isinstance(body, str) else body
    expected = for_this_machine(json.loads((ROOT / "build" / "template.json").read_text()))
    for name, resource in expected["Resources"].items():
        for uri in ("CodeUri", "ContentUri"):
            if uri in resource.get("Properties", {}):
                bucket, key = live_template["Resources"][name]["Properties"][uri].removeprefix("s3://").split("/")
                artefact = stack.aws("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
                assert artefact == (ROOT / "build" / resource["Properties"][uri]).read_bytes()
                live_template["Resources"][name]["Properties"][uri] = resource["Properties"][uri]
    assert live_template.keys() == expected.keys()
    assert [part for part in expected if live_template[part] != expected[part] and part != "Resources"] == []
    assert [
        one for one, definition in expected["Resources"].items() if live_template["Resources"].get(one) != definition
    ] == []
    assert live_template["Resources"].keys() == expected["Resources"].keys()


def test_every_function_sees_the_clock_of_the_stack(stack: Stack) -> None:
    stack.local("/schedules/expiry/run", {})
    environments = [Path(f"/proc/{pid}/environ").read_text() for pid in stack.processes()]
    lambdas = [one.split("\0") for one in environments if "AWS_LAMBDA_FUNCTION_NAME=" in one]
    clocks = {line for one in lambdas for line in one if line.startswith("GUESTLIST_CLOCK=")}
    assert len(lambdas) >= 2
    assert [Path(one.partition("=")[2]).name for one in clocks] == ["clock"]


def test_a_function_loads_the_packaged_code_and_not_the_source(stack: Stack) -> None:
    stack.local("/schedules/expiry/run", {})
    for pid in stack.processes():
        environment = Path(f"/proc/{pid}/environ").read_text()
        if "AWS_LAMBDA_FUNCTION_NAME=" in environment:
            assert "PYTHONPATH=" not in environment
            assert str(ROOT / "functions") not in environment


def test_a_function_may_do_nothing_that_its_policy_does_not_allow(stack: Stack) -> None:
    roles = stack.aws("iam").list_roles()["Roles"]
    (role,) = [one["Arn"] for one in roles if "SendMailRole" in one["RoleName"]]
    credentials = stack.aws("sts").assume_role(RoleArn=role, RoleSessionName="mail")["Credentials"]
    table = boto3.client(
        "dynamodb",
        endpoint_url=stack.local()["aws_endpoint"],
        region_name="eu-west-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    assert "Item" not in table.get_item(TableName=stack.local()["table"], Key=key)
    with pytest.raises(ClientError, match="AccessDenied"):
        table.put_item(TableName=stack.local()["table"], Item=key)


def test_a_dropped_file_reaches_the_function_that_imports(stack: Stack) -> None:
    stack.aws("s3").put_object(Bucket=stack.local()["bucket"], Key="drop/demo/target-groups/A b+ü/x.csv", Body=b"Code")
    logs = stack.aws("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/guestlist-ImportFiles")["logGroups"]

    def poll() -> bool | None:
        event_lists = [logs.filter_log_events(logGroupName=group["logGroupName"])["events"] for group in groups]
        return any("START" in event["message"] for events in event_lists for event in events) or None

    assert eventually(poll)


def test_the_table_expires_items_by_their_ttl_attribute(stack: Stack) -> None:
    description = stack.aws("dynamodb").describe_time_to_live(TableName=stack.local()["table"])["TimeToLiveDescription"]
    assert (description["TimeToLiveStatus"], description["AttributeName"]) == ("ENABLED", "ttl")


def test_advances_of_the_clock_add_up_until_it_is_reset(stack: Stack) -> None:
    true = stack.local("/clock", {"reset": True})["now"]
    stack.local("/clock", {"advance": {"value": 1, "unit": "weeks"}})
    ahead = stack.local("/clock", {"advance": {"value": 2, "unit": "days"}})["now"]
    back = stack.local("/clock", {"reset": True})["now"]
    assert days_between(true, ahead) == 9
    assert days_between(true, back) == 0


def days_between(first: str, last: str) -> int:
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).days


@pytest.mark.parametrize("body", [None, {}, {"advance": {"value": 0, "unit": "days"}}, {"reset": True, "x": 1}, []])
def test_an_invalid_offset_of_the_clock_is_refused(stack: Stack, body: object) -> None:
    answer = requests.post(f"{stack.address}/local/clock", json=body, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("timer", ["resync", "expiry"])
def test_a_timer_fired_by_hand_answers_when_its_work_is_done(stack: Stack, timer: str) -> None:
    answer = stack.local(f"/schedules/{timer}/run", {})
    assert (answer["timer"], answer["settled"], answer["waiting"]) == (timer, True, [])


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/local/nothing", 404, "not_found"),
        ("DELETE", "/openapi.json", 405, "method_not_allowed"),
        ("POST", "/local", 405, "method_not_allowed"),
    ],
)
def test_the_gateways_own_refusals_are_problems_too(
    stack: Stack, method: str, path: str, status: int, code: str
) -> None:
    answer = requests.request(method, f"{stack.address}{path}", timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
    assert (answer.json()["status"], answer.json()["code"]) == (status, code)
    assert answer.json()["request_id"]
    assert ("Allow" in answer.headers) is (status == 405)


def test_a_body_that_is_too_large_is_refused_unread(stack: Stack) -> None:
    connection = HTTPConnection(stack.address.removeprefix("http://"), timeout=10)
    connection.putrequest("PUT", "/v1/organiser")
    connection.putheader("Content-Length", "10000001")
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["code"]) == (413, "too_large")
    connection.close()


def test_the_api_answers_through_the_emulated_gateway_too(stack: Stack) -> None:
    gateway = stack.aws("apigateway").get_rest_apis()["items"][0]["id"]
    base = f"{stack.local()['aws_endpoint']}/restapis/{gateway}/api/_user_request_"
    headers = {"Authorization": "Bearer demo-organiser"}
    response = requests.get(f"{base}/v1/organiser", headers=headers, timeout=30)
    assert (response.status_code, response.json()["organiser_id"]) == (200, "demo")
    unknown = requests.get(f"{base}/v1/organiser", timeout=30)
    assert (unknown.status_code, unknown.headers["Content-Type"]) == (401, PROBLEM)


def test_a_taken_port_is_one_line_and_nothing_starts(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with start_stack(tmp_path / "state", port) as process:
            output, error = process.communicate(timeout=30)
    assert process.returncode == 1
    assert error == f"port {port} is taken; choose another: PORT={port + 1} make run\n"
    assert output == ""
    assert not (tmp_path / "state").exists()


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Stack]:
    """A stack of its own for a test that ends it."""
    with running_stack(tmp_path, "--no-samples") as stack:
        yield stack


def test_two_stacks_run_side_by_side_and_none_over_the_folder_of_another(
    stack: Stack, second: Stack, tmp_path: Path
) -> None:
    first_table, second_table = stack.local()["table"], second.local()["table"]
    second.aws("dynamodb").put_item(TableName=second_table, Item={"pk": {"S": "side"}, "sk": {"S": "by side"}})
    key = {"pk": {"S": "side"}, "sk": {"S": "by side"}}
    assert "Item" in second.aws("dynamodb").get_item(TableName=second_table, Key=key)
    assert "Item" not in stack.aws("dynamodb").get_item(TableName=first_table, Key=key)
    with start_stack(tmp_path, free_port()) as third:
        _, error = third.communicate(timeout=30)
    assert third.returncode == 1
    assert error == f"another stack is running on {tmp_path}; end that one first\n"


def test_no_process_is_left_after_sigterm(second: Stack) -> None:
    second.local("/schedules/expiry/run", {})
    pids = second.processes()
    assert len(pids) > 2
    second.process.send_signal(signal.SIGTERM)
    assert second.process.wait(timeout=60) == 0
    assert {pid for pid in pids if is_running(pid)} == set()


ITEM_KEY = {"pk": {"S": "kept"}, "sk": {"S": "kept"}}


def store_something(stack: Stack) -> None:
    """Store an item, an object and a list, and have a later time on the pipeline's clock."""
    here = stack.local()
    Api(stack.address, "demo-organiser").import_file(b"Code\nFIRST\n", group="Before")
    stack.aws("dynamodb").put_item(TableName=here["table"], Item={**ITEM_KEY, "n": {"N": "7"}})
    stack.aws("s3").put_object(Bucket=here["bucket"], Key="kept", Body=b"kept")
    stack.local("/clock", {"advance": {"value": 3, "unit": "weeks"}})


def assert_it_goes_on(stack: Stack, state: Path) -> None:
    """Find what `store_something` stored, on today's clock, and import a list whose result is mailed."""
    here = stack.local()
    record = Api(stack.address, "demo-organiser").import_file(b"Code\nAGAIN\n", group="After")
    assert record["status"] == "complete"
    mails = eventually(lambda: stack.local("/emails?to=organiser@demo.example")["items"] or None)
    assert record["import_id"] in mails[0]["text"]
    assert "<iframe sandbox=" in requests.get(f"{stack.address}/local/mails", timeout=30).text
    assert stack.aws("dynamodb").get_item(TableName=here["table"], Key=ITEM_KEY)["Item"]["n"] == {"N": "7"}
    assert stack.aws("s3").get_object(Bucket=here["bucket"], Key="kept")["Body"].read() == b"kept"
    assert not (state / "clock").exists()


def test_a_killed_stack_resumes_at_its_next_start_even_if_the_engines_port_is_in_use(tmp_path: Path) -> None:
    with running_stack(tmp_path, "--no-samples") as stack:
        port = urlsplit(stack.local()["aws_endpoint"]).port
        store_something(stack)
        pids = stack.processes()
        stack.process.send_signal(signal.SIGKILL)
        eventually(lambda: not any(is_running(pid) for pid in pids) or None)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with running_stack(tmp_path, "--no-samples") as stack:
            assert_it_goes_on(stack, tmp_path)


def sample_rows(stack: Stack) -> list[tuple[str, ...]]:
    """The name, status and counts of each imported sample file."""
    rows = [line.split() for line in stack.stdout if ".csv " in line]
    return [(row[0], *row[2:]) for row in rows]


def test_sample_files_are_imported_at_the_first_start_and_stored_data_survives_a_restart(tmp_path: Path) -> None:
    expected = [
        ("codes.csv", "complete", "1", "1", "0"),
        ("barcodes-with-categories.csv", "complete", "2", "2", "0"),
        ("emails-with-seats.csv", "partial", "2", "1", "1"),
        ("bad-quantities.csv", "partial", "8", "1", "7"),
        ("excel-workbook.csv", "failed", "(not_csv)", "0", "0", "0"),
        ("customers.csv", "complete", "3", "3", "0"),
        ("tickets.csv", "complete", "3", "3", "0"),
        ("purchases.csv", "complete", "3", "3", "0"),
    ]
    with running_stack(tmp_path, "--enforce") as first:
        store_something(first)
        pids = first.processes()
    # It was ended as by Ctrl-C.
    assert (first.process.returncode, {pid for pid in pids if is_running(pid)}) == (0, set())
    with running_stack(tmp_path, "--enforce") as second:
        imports = Api(second.address, "demo-organiser").get("/v1/imports")["items"]
        assert_it_goes_on(second, tmp_path)
    assert sample_rows(first) == sample_rows(second) == expected
    assert len(imports) == len(expected) + 1
