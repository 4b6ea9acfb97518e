"""Monitoring in the template: every failure raises an alarm, and every alarm has a metric."""

import json
from typing import Any

import pytest

from infra.watching import OURS
from tests.unit.infra.plain import Resources, arn, functions, of_type, properties, variables

# What AWS publishes of itself: each metric with the dimensions without which nobody hears it.
PUBLISHED = {
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): {"QueueName"},
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): {"QueueName"},
    ("AWS/Lambda", "Errors"): {"FunctionName"},
    ("AWS/Lambda", "Throttles"): {"FunctionName"},
    ("AWS/Lambda", "Duration"): {"FunctionName"},
    ("AWS/Lambda", "IteratorAge"): {"FunctionName"},
    ("AWS/DynamoDB", "ReadThrottleEvents"): {"TableName"},
    ("AWS/DynamoDB", "WriteThrottleEvents"): {"TableName"},
    ("AWS/DynamoDB", "ReadThrottleEvents", "index"): {"TableName", "GlobalSecondaryIndexName"},
    ("AWS/DynamoDB", "WriteThrottleEvents", "index"): {"TableName", "GlobalSecondaryIndexName"},
    ("AWS/DynamoDB", "ConsumedReadCapacityUnits"): {"TableName"},
    ("AWS/DynamoDB", "ConsumedWriteCapacityUnits"): {"TableName"},
    ("AWS/SES", "Reputation.BounceRate"): {"ses:configuration-set"},
    ("AWS/SES", "Reputation.ComplaintRate"): {"ses:configuration-set"},
    ("AWS/ApiGateway", "Count"): {"ApiName", "Stage"},
    ("AWS/ApiGateway", "4XXError"): {"ApiName", "Stage"},
    ("AWS/ApiGateway", "5XXError"): {"ApiName", "Stage"},
    ("AWS/ApiGateway", "Latency"): {"ApiName", "Stage"},
    **{("Guestlist", name): {"service"} for name in OURS},
}


@pytest.fixture(scope="session")
def alarms(resources: Resources) -> dict[str, dict[str, Any]]:
    """The properties of every alarm, by logical id."""
    return {name: one["Properties"] for name, one in of_type(resources, "AWS::CloudWatch::Alarm").items()}


@pytest.fixture(scope="session")
def widgets(resources: Resources) -> list[dict[str, Any]]:
    """The body of the dashboard with its variables unresolved."""
    dashboard_widgets: list[dict[str, Any]] = json.loads(
        properties(resources, "Dashboard")["DashboardBody"]["Fn::Sub"]
    )["widgets"]
    return dashboard_widgets


def dimensions(alarm: dict[str, Any]) -> dict[str, Any]:
    return {one["Name"]: one["Value"] for one in alarm["Dimensions"]}


def test_every_alarm_notifies_the_topic(alarms: dict[str, dict[str, Any]]) -> None:
    assert {name for name, alarm in alarms.items() if alarm["AlarmActions"] != [{"Ref": "Alarms"}]} == set()


def test_every_alarm_has_a_description(alarms: dict[str, dict[str, Any]]) -> None:
    descriptions = [alarm["AlarmDescription"] for alarm in alarms.values()]
    assert len(set(descriptions)) == len(descriptions)
    assert all(descriptions)


def test_every_alarm_uses_a_published_metric(alarms: dict[str, dict[str, Any]]) -> None:
    index = {name: ("index",) for name, alarm in alarms.items() if "GlobalSecondaryIndexName" in dimensions(alarm)}
    alarm_metrics = {
        name: (alarm["Namespace"], alarm["MetricName"], *index.get(name, ())) for name, alarm in alarms.items()
    }
    assert {
        name for name, alarm in alarms.items() if set(dimensions(alarm)) != PUBLISHED.get(alarm_metrics[name])
    } == set()


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_every_function_has_an_alarm(resources: Resources, alarms: dict[str, dict[str, Any]], metric: str) -> None:
    function_names = [
        dimensions(alarm)["FunctionName"]["Ref"] for alarm in alarms.values() if alarm["MetricName"] == metric
    ]
    assert sorted(function_names) == functions(resources)


@pytest.mark.parametrize(
    ("alarm", "metric", "of"),
    [
        ("UploadsAgeAlarm", "ApproximateAgeOfOldestMessage", {"QueueName": {"Fn::GetAtt": ["Uploads", "QueueName"]}}),
        ("MailAgeAlarm", "IteratorAge", {"FunctionName": {"Ref": "SendMail"}}),
        ("TableReadsThrottledAlarm", "ReadThrottleEvents", {"TableName": {"Ref": "Table"}}),
        ("TableWritesThrottledAlarm", "WriteThrottleEvents", {"TableName": {"Ref": "Table"}}),
        ("BouncesAlarm", "Reputation.BounceRate", {"ses:configuration-set": {"Ref": "MailSettings"}}),
        ("ComplaintsAlarm", "Reputation.ComplaintRate", {"ses:configuration-set": {"Ref": "MailSettings"}}),
        ("ImportsWithoutEndAlarm", "ImportsWithoutEnd", {"service": {"Fn::Sub": "guestlist-${Stage}"}}),
        ("ErasuresWithoutEndAlarm", "ErasuresWithoutEnd", {"service": {"Fn::Sub": "guestlist-${Stage}"}}),
        ("WelcomesAgeAlarm", "ApproximateAgeOfOldestMessage", {"QueueName": {"Fn::GetAtt": ["Welcomes", "QueueName"]}}),
        ("UnansweredAlarm", "Unanswered", {"service": {"Fn::Sub": "guestlist-${Stage}"}}),
        ("ApiFailuresAlarm", "5XXError", {"ApiName": {"Fn::Sub": "guestlist-${Stage}"}, "Stage": "api"}),
    ],
)
def test_an_alarm_uses_the_metric_of_its_name(
    alarms: dict[str, dict[str, Any]], alarm: str, metric: str, of: dict[str, Any]
) -> None:
    assert (alarms[alarm]["MetricName"], dimensions(alarms[alarm])) == (metric, of)


def test_ses_publishes_the_rates_that_the_alarms_use(resources: Resources) -> None:
    assert properties(resources, "MailSettings")["ReputationOptions"] == {"ReputationMetricsEnabled": True}


def test_no_alarm_of_a_new_stage_starts_in_alarm(alarms: dict[str, dict[str, Any]]) -> None:
    assert {alarm["TreatMissingData"] for alarm in alarms.values()} <= {"notBreaching", "missing"}


def test_a_watchdog_that_stops_counting_raises_an_alarm_too(alarms: dict[str, dict[str, Any]]) -> None:
    silent = {
        name: alarm["InsufficientDataActions"]
        for name, alarm in alarms.items()
        if alarm["TreatMissingData"] == "missing"
    }
    assert silent == {name: [{"Ref": "Alarms"}] for name in ("ImportsWithoutEndAlarm", "ErasuresWithoutEndAlarm")}


@pytest.mark.parametrize("metric", ["ReadThrottleEvents", "WriteThrottleEvents"])
def test_every_index_has_an_alarm(resources: Resources, alarms: dict[str, dict[str, Any]], metric: str) -> None:
    watched = [dimensions(alarm) for alarm in alarms.values() if alarm["MetricName"] == metric]
    indexes = [one["IndexName"] for one in properties(resources, "Table")["GlobalSecondaryIndexes"]]
    assert sorted(one["GlobalSecondaryIndexName"] for one in watched if len(one) > 1) == sorted(indexes)


def test_lasting_throttling_of_the_table_or_an_index_raises_an_alarm(alarms: dict[str, dict[str, Any]]) -> None:
    throttled = {name: alarm for name, alarm in alarms.items() if alarm["MetricName"].endswith("ThrottleEvents")}
    assert len(throttled) > 2
    assert all(alarm["Threshold"] * 300 <= 10 * alarm["Period"] <= 3_000 for alarm in throttled.values())
    assert {(alarm["Statistic"], alarm["EvaluationPeriods"]) for alarm in throttled.values()} == {("Sum", 1)}


def test_the_api_and_its_stage_have_the_names_that_alarms_and_dashboard_use(resources: Resources) -> None:
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage").values()
    assert properties(resources, "RestAPI")["Name"] == {"Fn::Sub": "guestlist-${Stage}"}
    assert stage["Properties"]["StageName"] == "api"


def test_no_method_of_the_api_has_detailed_metrics(resources: Resources) -> None:
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage").values()
    assert [one.get("MetricsEnabled", False) for one in stage["Properties"]["MethodSettings"]] == [False]


def test_metrics_of_the_code_have_the_stage_as_a_dimension(resources: Resources) -> None:
    service_names = {
        str(properties(resources, name)["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"])
        for name in functions(resources)
    }
    assert service_names == {str({"Fn::Sub": "guestlist-${Stage}"})}


def test_alarms_are_mailed_to_the_address_that_is_given_and_to_nobody_without_one(
    resources: Resources, transformed: dict[str, Any]
) -> None:
    assert resources["AlarmsSubscription"]["Condition"] == "MailsAlarms"
    assert transformed["Conditions"]["MailsAlarms"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmAddress"}, ""]}]}
    assert properties(resources, "AlarmsSubscription") == {
        "Protocol": "email",
        "TopicArn": {"Ref": "Alarms"},
        "Endpoint": {"Ref": "AlarmAddress"},
    }


# The dashboard


def metrics(widgets: list[dict[str, Any]]) -> list[list[Any]]:
    return [metric for widget in widgets for metric in widget["properties"]["metrics"]]


def test_the_dashboard_shows_metrics_that_are_published(widgets: list[dict[str, Any]]) -> None:
    for namespace, name, *more in metrics(widgets):
        dimension_names = [one for one in more if isinstance(one, str)][::2]
        assert PUBLISHED.get((namespace, name)) == set(dimension_names)


def test_the_dashboard_shows_every_metric_of_the_code(widgets: list[dict[str, Any]]) -> None:
    assert {name for namespace, name, *_ in metrics(widgets) if namespace == "Guestlist"} == OURS


def test_the_dashboard_names_resources_of_the_template(resources: Resources, transformed: dict[str, Any]) -> None:
    reference_names = {
        one.partition(".")[0] for one in variables(properties(resources, "Dashboard")["DashboardBody"]["Fn::Sub"])
    }
    assert {one for one in reference_names if not one.startswith("AWS::")} <= {*resources, *transformed["Parameters"]}
    assert set(functions(resources)) <= reference_names


def test_no_widgets_overlap(widgets: list[dict[str, Any]]) -> None:
    places = [(one["x"], one["y"]) for one in widgets]
    assert len(set(places)) == len(places)
    assert all(one["x"] + one["width"] <= 24 for one in widgets)


def test_each_stage_has_its_own_dashboard(resources: Resources) -> None:
    assert "${Stage}" in properties(resources, "Dashboard")["DashboardName"]["Fn::Sub"]


def test_dead_letters_are_kept_for_two_weeks(resources: Resources) -> None:
    retention_periods = {
        name: one["Properties"]["MessageRetentionPeriod"]
        for name, one in of_type(resources, "AWS::SQS::Queue").items()
        if name.endswith("DeadLetters")
    }
    names = ["UploadsDeadLetters", "MailDeadLetters", "TimersDeadLetters", "WebhooksDeadLetters"]
    assert retention_periods == dict.fromkeys(names, 14 * 24 * 3600)


@pytest.mark.parametrize("timer", ["Resync", "Expiry", "Watchdog"])
def test_a_timer_that_fails_ends_in_the_dead_letters(resources: Resources, timer: str) -> None:
    (invoke_config,) = [
        one["Properties"]
        for one in of_type(resources, "AWS::Lambda::EventInvokeConfig").values()
        if one["Properties"]["FunctionName"] == {"Ref": timer}
    ]
    assert invoke_config["DestinationConfig"]["OnFailure"]["Destination"] == arn("TimersDeadLetters")
