"""The API's stage in the template: throttled, and without personal data in logs."""

import json
from typing import Any

import pytest

from infra.gateway import ANY_METHOD, BY_TYPE
from tests.unit.infra.plain import Resources, of_type, properties


def test_the_api_has_one_stage(resources: Resources) -> None:
    assert len(of_type(resources, "AWS::ApiGateway::Stage")) == 1


def test_the_stage_is_throttled(resources: Resources) -> None:
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage").values()
    (settings,) = stage["Properties"]["MethodSettings"]
    assert settings["ThrottlingRateLimit"] > 0
    assert settings["ThrottlingBurstLimit"] > 0


def test_execution_logging_is_off(resources: Resources) -> None:
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage").values()
    (settings,) = stage["Properties"]["MethodSettings"]
    # An execution log, and a trace of the gateway, hold whole addresses, and they hold e-mails.
    assert {"LoggingLevel", "DataTraceEnabled"} & set(settings) == set()
    assert "TracingEnabled" not in stage["Properties"]


def test_the_access_log_has_the_call_and_its_result(resources: Resources) -> None:
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage").values()
    log_format = json.loads(stage["Properties"]["AccessLogSetting"]["Format"])
    assert {log_format["route"], log_format["status"], log_format["request_id"]} == {
        "$context.resourcePath",
        "$context.status",
        "$context.requestId",
    }


def test_the_access_log_expires(resources: Resources) -> None:
    assert properties(resources, "ApiAccessLogGroup")["RetentionInDays"] == 30


@pytest.mark.parametrize("field", ["$context.path", "identity", "requestOverride", "authorizer", "querystring"])
def test_the_access_log_holds_nothing_about_a_person(resources: Resources, field: str) -> None:
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage").values()
    assert field not in stage["Properties"]["AccessLogSetting"]["Format"]


@pytest.mark.parametrize("kind", BY_TYPE)
def test_the_gateways_own_responses_are_problems(resources: Resources, kind: str) -> None:
    answers = properties(resources, "RestAPI")["Body"]["x-amazon-apigateway-gateway-responses"]
    body = json.loads(answers[kind]["responseTemplates"]["application/json"])
    assert set(body) == {"type", "title", "status", "detail", "code", "params", "request_id"}
    assert str(body["status"]) == answers[kind]["statusCode"]
    assert body["request_id"] == "$context.requestId"
    assert answers[kind]["responseParameters"]["gatewayresponse.header.Content-Type"] == "'application/problem+json'"


def test_a_throttled_response_has_retry_after(resources: Resources) -> None:
    answers = properties(resources, "RestAPI")["Body"]["x-amazon-apigateway-gateway-responses"]
    assert answers["THROTTLED"]["responseParameters"]["gatewayresponse.header.Retry-After"] == "'1'"


# What a stage is told


def test_the_sender_is_the_only_required_parameter(packaged: dict[str, Any]) -> None:
    assert [name for name, one in packaged["Parameters"].items() if "Default" not in one] == ["Sender"]


def test_every_parameter_is_explained_and_checked(packaged: dict[str, Any]) -> None:
    parameters = packaged["Parameters"]
    assert {name for name, one in parameters.items() if not one.get("Description")} == set()
    unchecked = {
        name for name, one in parameters.items() if not {"AllowedPattern", "AllowedValues", "MinValue"} & set(one)
    }
    assert unchecked == {"Address"}


def test_a_domain_is_mapped_to_the_stage_when_one_is_given(resources: Resources) -> None:
    assert {resources[name]["Condition"] for name in ("ApiDomain", "ApiDomainMapping")} == {"OwnDomain"}
    domain = properties(resources, "ApiDomain")
    assert (domain["DomainName"], domain["RegionalCertificateArn"]) == ({"Ref": "Domain"}, {"Ref": "Certificate"})
    assert domain["SecurityPolicy"] == "TLS_1_2"
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage")
    assert properties(resources, "ApiDomainMapping") == {
        "DomainName": {"Ref": "ApiDomain"},
        "RestApiId": {"Ref": "RestAPI"},
        "Stage": {"Ref": stage},
    }


def test_an_existing_sender_in_ses_is_unchanged(resources: Resources, packaged: dict[str, Any]) -> None:
    assert resources["SenderIdentity"]["Condition"] == "MakesSender"
    assert packaged["Conditions"]["MakesSender"] == {"Fn::Equals": [{"Ref": "SenderKnown"}, "no"]}
    assert resources["SenderIdentity"]["DeletionPolicy"] == "RetainExceptOnCreate"


def test_ses_verifies_the_domain_of_the_sender_if_given(resources: Resources) -> None:
    identity = properties(resources, "SenderIdentity")["EmailIdentity"]
    assert identity == {"Fn::If": ["VerifiesDomain", {"Ref": "SenderDomain"}, {"Ref": "Sender"}]}


def test_the_accounts_role_for_logs_is_set_only_on_request(resources: Resources, packaged: dict[str, Any]) -> None:
    assert {resources[name]["Condition"] for name in ("ApiLogging", "ApiLoggingRole")} == {"SetsAccountLogging"}
    assert packaged["Conditions"]["SetsAccountLogging"] == {"Fn::Equals": [{"Ref": "AccountLogging"}, "yes"]}
    assert packaged["Parameters"]["AccountLogging"]["Default"] == "no"


def test_a_recreated_stage_may_have_another_bucket(resources: Resources) -> None:
    name = properties(resources, "Bucket")["BucketName"]["Fn::Sub"]
    (statement,) = properties(resources, "UploadsPolicy")["PolicyDocument"]["Statement"]
    assert name.endswith("${BucketSuffix}")
    assert statement["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"].endswith(f":s3:::{name}")


def test_stages_share_no_name(resources: Resources) -> None:
    names = ("BucketName", "LayerName", "DashboardName", "LogGroupName", "QueueName", "TableName", "FunctionName")
    fixed = {
        (logical, name)
        for logical, one in resources.items()
        for name in names
        if isinstance(one.get("Properties", {}).get(name), str)
    }
    assert fixed == set()


def test_another_method_of_a_known_path_is_405_with_the_allowed_methods(resources: Resources) -> None:
    paths = properties(resources, "RestAPI")["Body"]["paths"]
    for path, operations in paths.items():
        methods = sorted(method.upper() for method in operations if not method.startswith("x-"))
        (answer,) = operations[ANY_METHOD]["x-amazon-apigateway-integration"]["responses"].values()
        assert answer["statusCode"] == "405"
        assert answer["responseParameters"]["method.response.header.Allow"] == f"'{', '.join(methods)}'", path
        assert json.loads(answer["responseTemplates"]["application/json"])["code"] == "method_not_allowed"


def test_405_responses_invoke_no_function_and_use_nothing_of_the_body(resources: Resources) -> None:
    for operations in properties(resources, "RestAPI")["Body"]["paths"].values():
        integration = operations[ANY_METHOD]["x-amazon-apigateway-integration"]
        assert (integration["type"], integration["passthroughBehavior"]) == ("mock", "never")
        assert integration["requestTemplates"] == {"application/json": '{"statusCode": 405}'}
        declared = operations[ANY_METHOD]["responses"]["405"]["headers"]
        response_parameters = integration["responses"]["default"]["responseParameters"]
        assert {f"method.response.header.{name}" for name in declared} == set(response_parameters)
