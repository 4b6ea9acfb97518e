"""The template: least privilege, no lost messages, nothing public."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guestlist.aws.wire import connection, retry
from guestlist.groups.membership import ChangeType
from guestlist.imports.model import Status
from guestlist.imports.slots import MAX_WORKERS
from guestlist.lists.versions import Origin
from guestlist.mail.model import MailKind
from guestlist.webhooks.worker import LEASE
from infra.build import lint
from tests.unit.infra.plain import FUNCTION_NAMES, Resources, arn, listed, of_type, properties

EVERYWHERE = ("logs:", "xray:")


def statements(resources: Resources, role: str) -> Iterator[dict[str, Any]]:
    for policy in properties(resources, role)["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def role_of(resources: Resources, function: str) -> str:
    role: str = properties(resources, function)["Role"]["Fn::GetAtt"][0]
    return role


# As a whole


def test_cfn_lint_finds_nothing(build: Path) -> None:
    assert lint(build / "template.json") == ""


def test_cfn_lint_finds_nothing_after_the_transform(transformed: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "plain.json").write_text(json.dumps(transformed))
    assert lint(tmp_path / "plain.json", "W1020") == ""  # SAM writes substitutions without a variable


def test_the_template_has_exactly_these_functions(resources: Resources) -> None:
    assert sorted(of_type(resources, "AWS::Lambda::Function")) == FUNCTION_NAMES


def test_every_resource_has_a_type(packaged: dict[str, Any]) -> None:
    assert [name for name, one in packaged["Resources"].items() if "Type" not in one] == []


@pytest.mark.parametrize("placeholder", ["000000000000", "placeholder", "replaced", "/stream/stream"])
def test_no_placeholder_is_left(packaged: dict[str, Any], placeholder: str) -> None:
    assert placeholder not in json.dumps(packaged)


def test_every_reference_names_a_resource_or_parameter(packaged: dict[str, Any]) -> None:
    definitions = {*packaged["Resources"], *packaged["Parameters"]}
    targets = {name.partition(".")[0] for name in references(packaged)}
    assert {name for name in targets - definitions if not name.startswith("AWS::")} == set()


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"Ref"}:
            yield value["Ref"]
        elif set(value) == {"Fn::GetAtt"}:
            yield value["Fn::GetAtt"][0] if isinstance(value["Fn::GetAtt"], list) else value["Fn::GetAtt"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


# Roles


def test_every_function_has_a_role_of_its_own(resources: Resources) -> None:
    assert len({role_of(resources, function) for function in FUNCTION_NAMES}) == len(FUNCTION_NAMES)


def test_there_is_no_shared_role(resources: Resources) -> None:
    assert "DefaultRole" not in resources


@pytest.mark.parametrize("function", FUNCTION_NAMES)
def test_only_logs_and_traces_are_allowed_on_every_resource(resources: Resources, function: str) -> None:
    for statement in statements(resources, role_of(resources, function)):
        if "*" in listed(statement["Resource"]):
            assert all(action.startswith(EVERYWHERE) for action in listed(statement["Action"]))


@pytest.mark.parametrize("function", FUNCTION_NAMES)
def test_no_action_is_a_wildcard(resources: Resources, function: str) -> None:
    allowed = [
        one for statement in statements(resources, role_of(resources, function)) for one in listed(statement["Action"])
    ]
    assert [action for action in allowed if "*" in action] == []


@pytest.mark.parametrize("function", FUNCTION_NAMES)
def test_no_function_may_scan_or_manage_the_table(resources: Resources, function: str) -> None:
    allowed = {
        one for statement in statements(resources, role_of(resources, function)) for one in listed(statement["Action"])
    }
    assert {one for one in allowed if one.startswith("dynamodb:")} <= {
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:ConditionCheckItem",
        "dynamodb:DeleteItem",
        "dynamodb:DescribeStream",
        "dynamodb:GetItem",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
        "dynamodb:PartiQLInsert",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    }


def test_only_those_that_send_mail_may(resources: Resources) -> None:
    allowed = {
        function
        for function in FUNCTION_NAMES
        for statement in statements(resources, role_of(resources, function))
        if "ses:SendEmail" in listed(statement["Action"])
    }
    assert allowed == {"SendMail", "SendWelcomes", "Watchdog"}


def test_a_worker_may_list_every_prefix_that_it_reads(
    resources: Resources,
) -> None:
    role_statements = list(statements(resources, role_of(resources, "ImportFiles")))
    read = {
        str(resource["Fn::Sub"]).removeprefix("${Bucket.Arn}/")
        for statement in role_statements
        if {"s3:GetObject", "s3:GetObjectVersion"} & set(listed(statement["Action"]))
        for resource in listed(statement["Resource"])
    }
    listable = {
        prefix
        for statement in role_statements
        if "s3:ListBucket" in listed(statement["Action"])
        for prefix in statement["Condition"]["StringLike"]["s3:prefix"]
    }
    assert read
    assert read <= listable


def test_a_grant_for_some_keys_does_not_hold_for_a_request_without_keys(resources: Resources) -> None:
    bound = [
        statement["Condition"]
        for function in FUNCTION_NAMES
        for statement in statements(resources, role_of(resources, function))
        if any("ForAllValues" in operator for operator in statement.get("Condition", {}))
    ]
    assert len(bound) == 7
    for condition in bound:
        for operator, keys in condition.items():
            if operator.startswith("ForAllValues"):
                assert condition["Null"] == dict.fromkeys(keys, "false")


# Queues


def test_the_visibility_timeout_is_six_times_the_timeout_of_the_worker(resources: Resources) -> None:
    timeout = properties(resources, "ImportFiles")["Timeout"]
    assert properties(resources, "Uploads")["VisibilityTimeout"] >= 6 * timeout


def test_messages_that_keep_failing_become_dead_letters(resources: Resources) -> None:
    redrive = properties(resources, "Uploads")["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == arn("UploadsDeadLetters")
    assert redrive["maxReceiveCount"] >= 3


def test_every_dead_letter_queue_has_an_alarm(resources: Resources) -> None:
    queues = {name for name in of_type(resources, "AWS::SQS::Queue") if name.endswith("DeadLetters")}
    watched = {
        one["Properties"]["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for one in of_type(resources, "AWS::CloudWatch::Alarm").values()
        if one["Properties"]["MetricName"] == "ApproximateNumberOfMessagesVisible"
    }
    assert len(queues) == 4
    assert queues <= watched


def test_every_queue_is_encrypted(resources: Resources) -> None:
    for queue in of_type(resources, "AWS::SQS::Queue").values():
        assert queue["Properties"]["SqsManagedSseEnabled"] is True


def test_only_the_bucket_of_this_account_may_write_to_the_queue(resources: Resources) -> None:
    (statement,) = properties(resources, "UploadsPolicy")["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert "guestlist-${Stage}" in statement["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"]


# What wakes functions


FILTERS_OF_A_MAPPING = 5  # as many as AWS takes unasked
STREAM = {"Fn::GetAtt": ["Table", "StreamArn"]}


def mappings(resources: Resources) -> list[dict[str, Any]]:
    """The event source mappings of the stream and the queues."""
    return [one["Properties"] for one in of_type(resources, "AWS::Lambda::EventSourceMapping").values()]


def mapping(resources: Resources, function: str) -> dict[str, Any]:
    """The event source of that function: the table's stream, or a queue."""
    (event_source,) = [one for one in mappings(resources) if one["FunctionName"] == {"Ref": function}]
    return event_source


def test_the_stream_has_at_most_the_two_readers_that_dynamodb_supports(resources: Resources) -> None:
    readers = [one["FunctionName"]["Ref"] for one in mappings(resources) if one["EventSourceArn"] == STREAM]
    assert sorted(readers) == ["RouteChanges", "SendMail"]


@pytest.mark.parametrize("function", ["ImportFiles", "SendMail", "SendWelcomes", "DeliverWebhooks"])
def test_a_failed_message_is_retried_without_its_batch(resources: Resources, function: str) -> None:
    assert mapping(resources, function)["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_files_come_from_the_queue_to_a_bounded_number_of_workers(resources: Resources) -> None:
    event_source = mapping(resources, "ImportFiles")
    assert event_source["EventSourceArn"] == arn("Uploads")
    assert 2 <= event_source["ScalingConfig"]["MaximumConcurrency"] <= 100
    assert event_source["ScalingConfig"]["MaximumConcurrency"] > 2 * MAX_WORKERS, (
        "two organisers must leave some to others"
    )


def test_a_worker_takes_one_file_at_a_time(resources: Resources) -> None:
    assert mapping(resources, "ImportFiles")["BatchSize"] == 1


def test_the_mail_function_is_invoked_for_new_outbox_items_alone(resources: Resources) -> None:
    event_source = mapping(resources, "SendMail")
    assert event_source["EventSourceArn"] == STREAM
    assert kinds(event_source) == {MailKind.RESULT, MailKind.WAITING, MailKind.TRIAL, MailKind.WEBHOOK}


def kinds(event_source: dict[str, Any]) -> set[str]:
    """The kinds of mail that a mapping to the stream lets through, by the first of its filters."""
    read = json.loads(event_source["FilterCriteria"]["Filters"][0]["Pattern"])
    let_through = set(read["dynamodb"].pop("NewImage")["kind"]["S"])
    assert read == {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": ["MAIL"]}}}}
    return let_through


def test_welcome_mails_have_their_own_stream_reader_and_every_kind_has_one(resources: Resources) -> None:
    rest, welcomes = mapping(resources, "SendMail"), mapping(resources, "RouteChanges")
    assert kinds(welcomes) == {MailKind.WELCOME}
    assert kinds(rest) | kinds(welcomes) == set(MailKind)
    assert len(rest["FilterCriteria"]["Filters"]) == 1
    assert welcomes["StartingPosition"] == "TRIM_HORIZON"
    assert welcomes["MaximumRecordAgeInSeconds"] == rest["MaximumRecordAgeInSeconds"] == 86_400


def test_welcome_mails_come_from_their_own_queue_to_a_bounded_number_of_workers(resources: Resources) -> None:
    event_source = mapping(resources, "SendWelcomes")
    assert event_source["EventSourceArn"] == arn("Welcomes")
    assert 2 <= event_source["ScalingConfig"]["MaximumConcurrency"] <= 100
    queue, function = properties(resources, "Welcomes"), properties(resources, "SendWelcomes")
    assert queue["VisibilityTimeout"] == 6 * function["Timeout"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == arn("MailDeadLetters")


def test_a_mail_that_keeps_failing_does_not_delay_the_others(resources: Resources) -> None:
    event_source = mapping(resources, "SendMail")
    assert event_source["BisectBatchOnFunctionError"] is True
    assert 0 < event_source["MaximumRetryAttempts"] <= 10
    assert event_source["DestinationConfig"]["OnFailure"]["Destination"] == arn("MailDeadLetters")


def test_the_stream_filter_admits_every_record_that_may_be_an_event(resources: Resources) -> None:
    event_source = mapping(resources, "RouteChanges")
    assert event_source["EventSourceArn"] == STREAM
    patterns = [json.loads(one["Pattern"]) for one in event_source["FilterCriteria"]["Filters"]]
    _, redemptions, audit_entries, imports, versions = patterns
    assert redemptions["dynamodb"] == {"Keys": {"sk": {"S": [{"prefix": "REDEMPTION"}]}}}
    assert set(audit_entries["dynamodb"]["NewImage"]["what"]["S"]) == {ChangeType.ADDED, ChangeType.REMOVED}
    assert audit_entries["eventName"] == ["INSERT", "MODIFY"]
    statuses = {status for status in Status if status.ended} | {Status.AWAITING_REVIEW}
    assert set(imports["dynamodb"]["NewImage"]["status"]["S"]) == statuses
    assert set(versions["dynamodb"]["NewImage"]["origin"]["S"]) == {Origin.RETURN, Origin.INSTANT}
    assert len(patterns) <= FILTERS_OF_A_MAPPING


def test_a_record_that_fails_for_a_day_becomes_a_dead_letter(resources: Resources) -> None:
    event_source = mapping(resources, "RouteChanges")
    assert event_source["BisectBatchOnFunctionError"] is True
    assert event_source["MaximumRecordAgeInSeconds"] == 24 * 3600
    assert event_source["DestinationConfig"]["OnFailure"]["Destination"] == arn("WebhooksDeadLetters")


def test_webhooks_are_delivered_from_their_queue_by_their_own_workers(resources: Resources) -> None:
    event_source = mapping(resources, "DeliverWebhooks")
    assert event_source["EventSourceArn"] == arn("Webhooks")
    assert event_source["BatchSize"] == 1
    assert event_source["ScalingConfig"]["MaximumConcurrency"] == 100
    timeout = properties(resources, "DeliverWebhooks")["Timeout"]
    assert timeout < LEASE.total_seconds()
    assert properties(resources, "Webhooks")["VisibilityTimeout"] >= 6 * timeout
    redrive = properties(resources, "Webhooks")["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == arn("WebhooksDeadLetters")


def test_bounces_and_complaints_reach_the_function_that_records_them(resources: Resources) -> None:
    destination = properties(resources, "BouncesDestination")
    assert destination["ConfigurationSetName"] == {"Ref": "MailSettings"}
    event_destination = destination["EventDestination"]
    assert (event_destination["Enabled"], sorted(event_destination["MatchingEventTypes"])) == (
        True,
        ["BOUNCE", "COMPLAINT"],
    )
    assert event_destination["SnsDestination"] == {"TopicARN": {"Ref": "Bounces"}}
    assert properties(resources, "BouncesSubscription")["TopicArn"] == {"Ref": "Bounces"}
    assert properties(resources, "BouncesSubscription")["Endpoint"] == arn("NoteBounces")
    assert properties(resources, "BouncesPermission")["SourceArn"] == {"Ref": "Bounces"}


def test_only_ses_for_this_configuration_set_may_publish_bounces(resources: Resources) -> None:
    (statement,) = properties(resources, "BouncesPolicy")["PolicyDocument"]["Statement"]
    assert (statement["Principal"], statement["Action"]) == ({"Service": "ses.amazonaws.com"}, "sns:Publish")
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert "configuration-set/${MailSettings}" in statement["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"]


def test_a_bounce_that_cannot_be_recorded_becomes_a_dead_letter(resources: Resources) -> None:
    (invoke_config,) = [
        one["Properties"]
        for one in of_type(resources, "AWS::Lambda::EventInvokeConfig").values()
        if one["Properties"]["FunctionName"] == {"Ref": "NoteBounces"}
    ]
    assert invoke_config["DestinationConfig"]["OnFailure"]["Destination"] == arn("MailDeadLetters")


def test_the_bounce_function_may_only_get_and_put_items(resources: Resources) -> None:
    allowed = [
        one
        for statement in statements(resources, role_of(resources, "NoteBounces"))
        for one in listed(statement["Action"])
        if not one.startswith(EVERYWHERE)
    ]
    assert allowed == ["dynamodb:PutItem", "dynamodb:GetItem", "sqs:SendMessage"]


@pytest.mark.parametrize(
    ("timer", "rate"),
    [("Resync", "rate(15 minutes)"), ("Expiry", "rate(5 minutes)"), ("Watchdog", "rate(5 minutes)")],
)
def test_timers_fire_at_their_rate_and_failures_become_dead_letters(
    resources: Resources, timer: str, rate: str
) -> None:
    rule = properties(resources, f"{timer}{timer}Event")
    (target,) = rule["Targets"]
    assert (rule["ScheduleExpression"], target["Arn"]) == (rate, arn(timer))
    assert target["DeadLetterConfig"]["Arn"] == arn("TimersDeadLetters")
    assert target["RetryPolicy"]["MaximumRetryAttempts"] == 2


def test_the_bucket_notifies_the_queue_of_uploads_and_drops(resources: Resources) -> None:
    configurations = properties(resources, "Bucket")["NotificationConfiguration"]["QueueConfigurations"]
    prefixes = [one["Filter"]["S3Key"]["Rules"][0] for one in configurations]
    assert prefixes == [{"Name": "prefix", "Value": "uploads/"}, {"Name": "prefix", "Value": "drop/"}]
    assert {json.dumps(one["Queue"]) for one in configurations} == {json.dumps(arn("Uploads"))}


# Functions


@pytest.mark.parametrize("function", FUNCTION_NAMES)
def test_every_function_has_the_names_of_its_resources(resources: Resources, function: str) -> None:
    variables = properties(resources, function)["Environment"]["Variables"]
    assert variables["TABLE_NAME"] == {"Ref": "Table"}
    assert variables["BUCKET_NAME"] == {"Ref": "Bucket"}
    assert variables["QUEUE_URL"] == {"Ref": "Uploads"}
    assert variables["DIGEST_KEY"] == {"Fn::Sub": "{{resolve:secretsmanager:${DigestKey}}}"}
    assert variables["SENDER"] == {"Ref": "Sender"}
    assert variables["CONFIGURATION_SET"] == {"Ref": "MailSettings"}


@pytest.mark.parametrize("function", ["SendMail", "SendWelcomes", "Watchdog"])
def test_functions_that_send_mail_have_the_address_of_the_api(resources: Resources, function: str) -> None:
    condition, address, otherwise = properties(resources, function)["Environment"]["Variables"]["API_ADDRESS"]["Fn::If"]
    assert (condition, address) == ("OwnAddress", {"Ref": "Address"})
    condition, domain, gateway = otherwise["Fn::If"]
    assert (condition, domain) == ("OwnDomain", {"Fn::Sub": "https://${Domain}"})
    assert gateway == {"Fn::Sub": "https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api"}


@pytest.mark.parametrize("function", FUNCTION_NAMES)
def test_the_log_of_every_function_expires(resources: Resources, function: str) -> None:
    groups = {
        json.dumps(one["Properties"]["LogGroupName"]): one["Properties"]["RetentionInDays"]
        for one in of_type(resources, "AWS::Logs::LogGroup").values()
    }
    assert groups[json.dumps({"Fn::Sub": f"/aws/lambda/${{{function}}}"})] == 30


@pytest.mark.parametrize("function", FUNCTION_NAMES)
def test_every_function_is_traced_as_a_service(resources: Resources, function: str) -> None:
    assert properties(resources, function)["TracingConfig"] == {"Mode": "Active"}


def test_a_workers_disk_holds_the_run_files_of_the_largest_list(resources: Resources) -> None:
    assert properties(resources, "ImportFiles")["EphemeralStorage"]["Size"] == 5120


def test_the_timeout_of_the_api_is_below_that_of_its_gateway(resources: Resources) -> None:
    assert properties(resources, "APIHandler")["Timeout"] <= 29


def test_the_timeout_of_the_api_exceeds_that_of_its_client(resources: Resources) -> None:
    connecting = connection.CONNECT_TIMEOUT * 2  # once for the connection, once for TLS
    longest = retry.RETRY_SECONDS + retry.MAX_PAUSE + connecting + connection.READ_TIMEOUT
    assert longest < properties(resources, "APIHandler")["Timeout"]
