"""Monitoring of a stage: alarms for every function, and the dashboard.

Generated from the functions in the template, so that none is left out.
"""

import json
from typing import Any

Resources = dict[str, Any]
Metric = list[Any]

_API = ["ApiName", "guestlist-${Stage}", "Stage", "api"]
_STAGE = ["service", "guestlist-${Stage}"]
_WORK = ("Uploads", "Welcomes")
_QUEUES = ("UploadsDeadLetters", "MailDeadLetters", "TimersDeadLetters", "WebhooksDeadLetters")
_MAILS = ("MailSent", "MailTaken", "MailPutBack", "MailGivenUp", "MailBounce", "MailComplaint")
_ENDLESS = ("ImportsWithoutEnd", "ErasuresWithoutEnd")
_UNANSWERED = "Unanswered"
OURS = frozenset({*_ENDLESS, *_MAILS, _UNANSWERED})  # the metrics of our own code
_WIDTH, _HEIGHT, _COLUMNS = 12, 6, 2


def alarms(functions: list[str]) -> Resources:
    """Alarms for the errors and the throttles of each function, by logical id."""
    errors = {f"{name}ErrorsAlarm": _errors(name) for name in functions}
    return errors | {f"{name}ThrottlesAlarm": _throttles(name) for name in functions}


def index_alarms(indexes: list[str]) -> Resources:
    """Alarms for throttled reads and writes of each index of the table, by logical id."""
    return {
        f"{index.capitalize()}{kind}sThrottledAlarm": _index_throttles(index, kind)
        for index in indexes
        for kind in ("Read", "Write")
    }


def dashboard(functions: list[str]) -> Resources:
    """The dashboard of the stage, by logical id."""
    body = json.dumps({"widgets": [_placed(number, one) for number, one in enumerate(_widgets(functions))]})
    properties = {"DashboardName": {"Fn::Sub": "guestlist-${Stage}-${AWS::Region}"}, "DashboardBody": {"Fn::Sub": body}}
    return {"Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": properties}}


def _errors(function: str) -> Resources:
    # A timer that fails is retried twice, and does not run again within its quarter of an hour.
    description = f"{function} has failed three times within a quarter of an hour"
    return _alarm(function, description, {"MetricName": "Errors", "Period": 900, "Threshold": 2})


def _throttles(function: str) -> Resources:
    description = f"{function} was throttled: the account's limit of concurrent functions is reached"
    return _alarm(function, description, {"MetricName": "Throttles", "Period": 300, "Threshold": 0})


def _index_throttles(index: str, kind: str) -> Resources:
    metrics = [
        {"Name": "TableName", "Value": {"Ref": "Table"}},
        {"Name": "GlobalSecondaryIndexName", "Value": index},
    ]
    # While an index throttles writes, the table refuses writes that would change the index.
    description = f"The index {index} refuses {kind.lower()}s"
    metric = {"MetricName": f"{kind}ThrottleEvents", "Period": 300, "Threshold": 10}
    alarm = _alarm("", description, metric)
    alarm["Properties"] |= {"Namespace": "AWS/DynamoDB", "Dimensions": metrics}
    return alarm


def _alarm(function: str, description: str, metric: Resources) -> Resources:
    properties = {
        "AlarmDescription": description,
        "AlarmActions": [{"Ref": "Alarms"}],
        "Namespace": "AWS/Lambda",
        "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": function}}],
        "Statistic": "Sum",
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    }
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": properties | metric}


def _widgets(functions: list[str]) -> list[Resources]:
    return [
        _graph("Requests and failures", [_api("Count"), _api("4XXError"), _api("5XXError")]),
        _graph("Calls without an answer", [["Guestlist", _UNANSWERED, *_STAGE]]),
        _graph("Milliseconds to answer", [_api("Latency", stat=stat) for stat in ("p50", "p99")]),
        _graph("Errors", [_function("Errors", name) for name in functions]),
        _graph("Throttles", [_function("Throttles", name) for name in functions]),
        _graph("Milliseconds at work", [_function("Duration", name, stat="p99") for name in functions]),
        _graph("Messages that wait", [_queue("ApproximateNumberOfMessagesVisible", name) for name in _WORK]),
        _graph(
            "Seconds that the oldest message waits", [_queue("ApproximateAgeOfOldestMessage", name) for name in _WORK]
        ),
        _graph("Dead letters", [_queue("ApproximateNumberOfMessagesVisible", name) for name in _QUEUES]),
        _graph("Without an end", [["Guestlist", name, *_STAGE, {"stat": "Maximum"}] for name in _ENDLESS]),
        _graph("Mails", [["Guestlist", name, *_STAGE] for name in _MAILS]),
        _graph("Milliseconds that mails wait", [_function("IteratorAge", "SendMail", stat="Maximum")]),
        _graph("Bounces and complaints", [_reputation("BounceRate"), _reputation("ComplaintRate")]),
        _graph("Units of the table", [_table("ConsumedReadCapacityUnits"), _table("ConsumedWriteCapacityUnits")]),
        _graph("Throttles of the table", [_table("ReadThrottleEvents"), _table("WriteThrottleEvents")]),
    ]


def _graph(title: str, metrics: list[Metric]) -> Resources:
    how = {"region": "${AWS::Region}", "stat": "Sum", "period": 300, "view": "timeSeries"}
    return {"type": "metric", "properties": {"title": title, "metrics": metrics, **how}}


def _placed(number: int, widget: Resources) -> Resources:
    row, column = divmod(number, _COLUMNS)
    return {"x": column * _WIDTH, "y": row * _HEIGHT, "width": _WIDTH, "height": _HEIGHT, **widget}


def _api(name: str, stat: str = "Sum") -> Metric:
    return ["AWS/ApiGateway", name, *_API, {"stat": stat}]


def _function(name: str, function: str, **how: str) -> Metric:
    return ["AWS/Lambda", name, "FunctionName", f"${{{function}}}", {"label": function, **how}]


def _queue(name: str, queue: str) -> Metric:
    return ["AWS/SQS", name, "QueueName", f"${{{queue}.QueueName}}", {"label": queue, "stat": "Maximum"}]


def _reputation(name: str) -> Metric:
    return ["AWS/SES", f"Reputation.{name}", "ses:configuration-set", "${MailSettings}", {"stat": "Maximum"}]


def _table(name: str) -> Metric:
    return ["AWS/DynamoDB", name, "TableName", "${Table}"]
