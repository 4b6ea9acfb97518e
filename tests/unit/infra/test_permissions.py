"""Recording of AWS calls, and their comparison with the allowed actions."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from infra.local.calls import kind_of_key, leading_keys
from tests.acceptance.permissions import TABLE, UNSEEN, Call, Grant, Record, grants_of, record_from_json
from tests.least_privilege import RECORDS, LeastPrivilege, all_tests, faults

READ = Grant("MailRole", "dynamodb:GetItem", TABLE)
SEND = Grant("MailRole", "dynamodb:UpdateItem", TABLE, ("O#*#MAIL#*",))


def a_call(action: str = "dynamodb:GetItem", resource: str = TABLE, *keys: str, role: str = "MailRole") -> Call:
    return Call(role, action, resource, keys)


# Comparing


def test_an_allowed_call_that_was_made_is_neither_missing_nor_spare() -> None:
    record = Record({READ}, {a_call()})
    assert (record.missing(), record.spare()) == ([], [])


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(a_call("dynamodb:PutItem"), id="another action"),
        pytest.param(a_call(resource=f"{TABLE}/index/due"), id="another resource"),
        pytest.param(a_call(role="OtherRole"), id="another role"),
    ],
)
def test_a_call_that_is_not_allowed_is_missing(call: Call) -> None:
    record = Record({READ}, {call, a_call()})
    assert record.missing() == [call]


def test_an_allowed_call_that_was_not_made_is_spare() -> None:
    spare = Grant("MailRole", "dynamodb:Query", f"{TABLE}/index/due")
    assert Record({READ, spare}, {a_call()}).spare() == [spare]


def test_a_grant_for_some_keys_allows_no_others() -> None:
    mine, others = a_call("dynamodb:UpdateItem", TABLE, "O#*#MAIL#*"), a_call("dynamodb:UpdateItem", TABLE, "O#*#I")
    assert Record({SEND}, {mine, others}).missing() == [others]


def test_a_call_that_names_several_keys_needs_them_all() -> None:
    both = a_call("dynamodb:UpdateItem", TABLE, "O#*#MAIL#*", "O#*#I")
    assert Record({SEND}, {both}).missing() == [both]


def test_several_stacks_prove_a_grant_together() -> None:
    write = Grant("MailRole", "dynamodb:PutItem", TABLE)
    first, second = Record({READ, write}, {a_call()}), Record({READ, write}, {a_call("dynamodb:PutItem")})
    assert (first | second).spare() == []
    assert first.spare() == [write]


def test_permissions_that_aws_itself_needs_are_not_spare() -> None:
    logs = Grant("MailRole", "logs:PutLogEvents", "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/x")
    assert Record({logs}).spare() == []


def test_an_unneeded_excuse_is_reported() -> None:
    needed = {Grant(*pattern) for pattern in UNSEEN}
    assert Record(needed).unneeded_excuses() == []
    assert len(Record(needed - {Grant(*next(reversed(UNSEEN)))}).unneeded_excuses()) == 1


def test_spare_permissions_are_reported_for_a_whole_run_alone() -> None:
    needed = {Grant(*pattern) for pattern in UNSEEN}
    record = Record({READ, *needed}, {a_call("dynamodb:PutItem")})
    assert [one.split(":")[0] for one in faults(record, whole_suite=False)] == ["missing"]
    assert [one.split(":")[0] for one in faults(record, whole_suite=True)] == ["missing", "spare"]


def test_a_record_survives_json() -> None:
    record = Record({READ, SEND}, {a_call(), a_call("dynamodb:UpdateItem", TABLE, "O#*#MAIL#*")})
    assert record_from_json(json.loads(json.dumps(record.to_json()))) == record


def test_a_policy_grants_every_pair_of_its_actions_and_resources() -> None:
    condition = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["O#*#MAIL#*"]}}
    document = {
        "Statement": [
            {"Action": ["a:Read", "a:Write"], "Resource": ["one", "two"]},
            {"Action": "dynamodb:UpdateItem", "Resource": TABLE, "Condition": condition},
        ]
    }
    pairs = {Grant("MailRole", action, name) for action in ("a:Read", "a:Write") for name in ("one", "two")}
    assert set(grants_of("MailRole", document)) == {*pairs, SEND}


# Noting


KEY = {"pk": {"S": "O#demo"}, "sk": {"S": "ORGANISER"}}


@pytest.mark.parametrize(
    ("request_", "keys"),
    [
        pytest.param({"TableName": "t", "Key": KEY}, ["O#demo"], id="an item"),
        pytest.param({"Item": {**KEY, "name": {"S": "pk"}}}, ["O#demo"], id="an item to be kept"),
        pytest.param({"ExpressionAttributeValues": {":pk": {"S": "DUE#mail#1"}}}, ["DUE#mail#1"], id="a query"),
        pytest.param({"RequestItems": {"t": {"Keys": [KEY, KEY]}}}, ["O#demo"] * 2, id="a batch to be read"),
        pytest.param({"RequestItems": {"t": [{"PutRequest": {"Item": KEY}}]}}, ["O#demo"], id="a batch to be written"),
        pytest.param(
            {"TransactItems": [{"Put": {"Item": KEY}}, {"Delete": {"Key": KEY}}]}, ["O#demo"] * 2, id="all or none"
        ),
        pytest.param(
            {
                "Statements": [
                    {"Statement": "INSERT INTO \"t\" VALUE {'sk': ?, 'pk': ?}", "Parameters": [KEY["sk"], KEY["pk"]]}
                ]
            },
            ["O#demo"],
            id="PartiQL",
        ),
    ],
)
def test_the_partition_keys_of_a_request_are_found_wherever_they_stand(request_: Any, keys: list[str]) -> None:
    assert list(leading_keys(request_)) == keys


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("O#demo", "O#*"),
        ("O#demo#C#anna@example.org", "O#*#C#*"),
        ("O#demo#MAIL#result#01k2", "O#*#MAIL#*"),
        ("DUE#mail#3", "DUE#*"),
        ("ORGANISER", "ORGANISER"),
    ],
)
def test_only_the_kind_of_a_key_is_recorded(key: str, kind: str) -> None:
    assert kind_of_key(key) == kind


# A run of the tests


def session(**config: Any) -> Any:
    """A session as the plugin sees it."""
    return SimpleNamespace(config=SimpleNamespace(stash=pytest.Stash(), **config), exitstatus=pytest.ExitCode.OK)


def plugin(of: Any, *records: Record) -> LeastPrivilege:
    least_privilege = LeastPrivilege(of.config)
    of.config.stash[RECORDS].extend(records)
    return least_privilege


def passes(least_privilege: LeastPrivilege, *node_ids: str) -> None:
    for node_id in node_ids:
        least_privilege.pytest_runtest_logreport(SimpleNamespace(when="call", passed=True, nodeid=node_id))  # type: ignore[arg-type]


EXCUSED = {Grant(*pattern) for pattern in UNSEEN}


@pytest.mark.parametrize(("left_out", "status"), [(0, pytest.ExitCode.TESTS_FAILED), (1, pytest.ExitCode.OK)])
def test_a_run_fails_for_spare_permissions_only_if_every_acceptance_test_passed(
    left_out: int, status: pytest.ExitCode
) -> None:
    run = session()
    least_privilege = plugin(run, Record({READ, *EXCUSED}))
    passes(least_privilege, *[f"tests/acceptance/{one}[some case]" for one in list(all_tests())[left_out:]])
    least_privilege.pytest_sessionfinish(run)
    assert run.exitstatus is status


def test_a_run_fails_for_missing_permissions_whatever_passed() -> None:
    run = session()
    plugin(run, Record(set(), {a_call()})).pytest_sessionfinish(run)
    assert run.exitstatus is pytest.ExitCode.TESTS_FAILED


def test_records_of_the_processes_of_a_run_are_merged() -> None:
    write = Grant("MailRole", "dynamodb:PutItem", TABLE)
    first, run = session(workeroutput={}), session()
    plugin(first, Record({READ, write, *EXCUSED}, {a_call()})).pytest_sessionfinish(first)
    least_privilege = plugin(run, Record({READ, write, *EXCUSED}, {a_call("dynamodb:PutItem")}))
    least_privilege.pytest_testnodedown(first.config)
    passes(least_privilege, *[f"tests/acceptance/{one}" for one in all_tests()])
    least_privilege.pytest_sessionfinish(run)
    assert (run.exitstatus, least_privilege.faults) == (pytest.ExitCode.OK, [])


def test_a_run_without_a_stack_reports_nothing() -> None:
    run = session()
    least_privilege = plugin(run)
    least_privilege.pytest_sessionfinish(run)
    assert (run.exitstatus, least_privilege.said) == (pytest.ExitCode.OK, "")
