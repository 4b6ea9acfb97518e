"""The table and the bucket in the template: durable, private, and with expiry."""

from typing import Any

import pytest

from tests.unit.infra.plain import Resources, properties


def test_the_table_is_encrypted_retained_and_backed_up(resources: Resources) -> None:
    table = resources["Table"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert table["Properties"]["DeletionProtectionEnabled"] is True
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["SSESpecification"] == {"SSEEnabled": True}


def test_the_table_is_billed_per_request(resources: Resources) -> None:
    assert properties(resources, "Table")["BillingMode"] == "PAY_PER_REQUEST"


def test_the_table_expires_items_by_ttl(resources: Resources) -> None:
    assert properties(resources, "Table")["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_the_bucket_is_private_versioned_and_encrypted(resources: Resources) -> None:
    bucket = properties(resources, "Bucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]


def test_the_bucket_requires_tls(resources: Resources) -> None:
    (statement,) = properties(resources, "BucketPolicy")["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"], statement["Principal"]) == ("Deny", "s3:*", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize("prefix", ["uploads/", "drop/", "reports/", "exports/", "snapshots/", "search/"])
def test_uploads_and_exports_expire(resources: Resources, prefix: str) -> None:
    (days,) = [rule["ExpirationInDays"] for rule in lifecycle(resources) if rule.get("Prefix") == prefix]
    assert days <= 90


@pytest.mark.parametrize(("prefix", "days"), [("exports/", 1), ("snapshots/", 1), ("search/", 1), (None, 30)])
def test_old_versions_of_objects_expire(resources: Resources, prefix: str | None, days: int) -> None:
    (rule,) = [one for one in lifecycle(resources) if one.get("Prefix") == prefix]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": days}


def test_delete_markers_and_incomplete_uploads_expire(resources: Resources) -> None:
    (rule,) = [one for one in lifecycle(resources) if "Prefix" not in one]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert rule["ExpiredObjectDeleteMarker"] is True


def test_every_lifecycle_rule_is_enabled(resources: Resources) -> None:
    assert {rule["Status"] for rule in lifecycle(resources)} == {"Enabled"}


def test_a_browser_may_send_to_a_form_and_fetch_by_a_link_and_no_more(resources: Resources) -> None:
    (rule,) = properties(resources, "Bucket")["CorsConfiguration"]["CorsRules"]
    assert (sorted(rule["AllowedMethods"]), rule["AllowedOrigins"]) == (["GET", "POST"], ["*"])


def test_the_bucket_outlives_its_stack_but_not_a_creation_that_failed(resources: Resources) -> None:
    bucket = resources["Bucket"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def lifecycle(resources: Resources) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = properties(resources, "Bucket")["LifecycleConfiguration"]["Rules"]
    return rules
