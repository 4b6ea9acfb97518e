"""Both DynamoDB adapters under faults of the network and of DynamoDB."""

from collections.abc import Callable
from typing import Any

import pytest

from guestlist.aws import conditions
from guestlist.aws import table as table_module
from guestlist.aws.dynamodb import DynamoDB, NoResponse, RequestRefused
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table, Unavailable, Write
from tests.engines.scripted import (
    ScriptedRequest,
    ScriptedResponse,
    error_response,
    reply,
    responses_in_turn,
    scripted_server,
)
from tests.engines.servers import free_port
from tests.engines.tables import CLIENTS

NewClient = Callable[[str], DynamoDB]
KEYS = [Key("O#demo", "A"), Key("O#demo", "B")]
ITEM = {"pk": {"S": "O#demo"}, "sk": {"S": "A"}, "n": {"N": "3"}}
GET = {"TableName": "table", "Key": {"pk": {"S": "O#demo"}, "sk": {"S": "A"}}}
ITEM_RESPONSE = reply({"Item": ITEM})
CUT_RESPONSE = ScriptedResponse(cut=True)
PASSING = {
    "throttled": error_response("ProvisionedThroughputExceededException"),
    "throttled-otherwise": error_response("ThrottlingException"),
    "an-error-of-theirs": error_response("InternalServerError", 500),
    "a-page-of-a-balancer": reply(b"<html>busy</html>", 503),
    "a-gateway-that-waited": reply(b"", 504),
    "no-answer": CUT_RESPONSE,
    "half-a-body": ScriptedResponse(ITEM_RESPONSE.content[:-5], cut=True),
    "a-wrong-checksum": reply({"Item": ITEM}, x_amz_crc32="1"),
}


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> NewClient:
    return CLIENTS[request.param]


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_a_transient_error_is_retried_until_it_succeeds(client: NewClient, fault: ScriptedResponse) -> None:
    act, requests = responses_in_turn(fault, ITEM_RESPONSE)
    with scripted_server(act) as address:
        assert client(address).call("GetItem", GET) == {"Item": ITEM} | extra(client)
    assert [request.operation for request in requests] == ["GetItem", "GetItem"]
    assert [request.json for request in requests] == [GET, GET]


def extra(client: NewClient) -> dict[str, object]:
    """The additions of boto3 to responses."""
    return {"ResponseMetadata": Anything()} if client is CLIENTS["boto3"] else {}


class Anything:
    def __eq__(self, _other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_a_lasting_error_is_raised(client: NewClient, fault: ScriptedResponse) -> None:
    act, requests = responses_in_turn(fault)
    with scripted_server(act) as address, pytest.raises((RequestRefused, NoResponse)):
        client(address).call("GetItem", GET)
    assert 3 <= len(requests) <= 5


def test_an_unreachable_endpoint_raises_no_response(client: NewClient) -> None:
    with pytest.raises(NoResponse):
        client(f"http://127.0.0.1:{free_port()}").call("GetItem", GET)


@pytest.mark.parametrize("code", ["ValidationException", "ResourceNotFoundException", "AccessDeniedException"])
def test_a_permanent_refusal_is_not_retried(client: NewClient, code: str) -> None:
    act, requests = responses_in_turn(error_response(code))
    with scripted_server(act) as address, pytest.raises(RequestRefused) as error:
        client(address).call("GetItem", GET)
    assert (error.value.code, len(requests)) == (code, 1)


def test_a_refused_transaction_has_the_reason_of_each_write(client: NewClient) -> None:
    body = {"__type": "x#TransactionCanceledException", "CancellationReasons": [{"Code": "None"}, {"Code": "Other"}]}
    act, _ = responses_in_turn(reply(body, 400))
    with scripted_server(act) as address, pytest.raises(RequestRefused) as error:
        client(address).call("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "table", "Item": ITEM}}]})
    assert (error.value.code, error.value.reasons) == ("TransactionCanceledException", ("None", "Other"))


def test_a_retried_transaction_keeps_its_token(client: NewClient) -> None:
    act, requests = responses_in_turn(CUT_RESPONSE, reply({}))
    with scripted_server(act) as address:
        client(address).call("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "table", "Item": ITEM}}]})
    tokens = [request.json["ClientRequestToken"] for request in requests]
    assert tokens[0] == tokens[1]
    assert len(tokens[0]) >= 16


def test_a_failed_condition_raises_condition_failed(client: NewClient) -> None:
    act, requests = responses_in_turn(error_response("ConditionalCheckFailedException"))
    with scripted_server(act) as address, pytest.raises(ConditionFailed):
        Table(client(address), "table").update(KEYS[0], {"n": 1}, when=conditions.absent())
    assert len(requests) == 1


def cancellation(*reasons: str) -> ScriptedResponse:
    """The response of DynamoDB to a cancelled transaction."""
    cancellation_reasons = [{"Code": reason} for reason in reasons]
    return reply(
        {"__type": "x#TransactionCanceledException", "message": "no", "CancellationReasons": cancellation_reasons}, 400
    )


def transact(client: NewClient, address: str) -> None:
    writes = [Write(put={**key._asdict(), "n": 1}) for key in KEYS]
    Table(client(address), "table").transact(*writes)


@pytest.mark.parametrize(
    "reasons",
    [
        ("None", "ThrottlingError"),
        ("ProvisionedThroughputExceeded", "None"),
        ("TransactionConflict", "None"),
        ("ThrottlingError", "TransactionConflict"),
    ],
    ids="-".join,
)
def test_a_transaction_cancelled_by_a_conflict_is_retried(client: NewClient, reasons: tuple[str, ...]) -> None:
    act, requests = responses_in_turn(cancellation(*reasons), cancellation(*reasons), reply({}))
    with scripted_server(act) as address:
        transact(client, address)
    assert [request.json["TransactItems"] for request in requests] == [requests[0].json["TransactItems"]] * 3


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded", "TransactionConflict"])
def test_a_transaction_that_stays_cancelled_is_unavailable(
    client: NewClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_module, "sleep", lambda _seconds: None)
    act, requests = responses_in_turn(cancellation(code, "None"))
    with scripted_server(act) as address, pytest.raises(Unavailable):
        transact(client, address)
    assert len(requests) == 8


def test_a_failed_condition_outweighs_a_throttled_write_of_the_same_transaction(client: NewClient) -> None:
    act, requests = responses_in_turn(cancellation("ThrottlingError", "ConditionalCheckFailed"))
    with scripted_server(act) as address, pytest.raises(ConditionFailed):
        transact(client, address)
    assert len(requests) == 1


@pytest.mark.parametrize("code", ["ValidationError", "ItemCollectionSizeLimitExceeded"])
def test_an_invalid_transaction_is_sent_once(client: NewClient, code: str) -> None:
    act, requests = responses_in_turn(cancellation("ThrottlingError", code))
    with scripted_server(act) as address, pytest.raises(RequestRefused):
        transact(client, address)
    assert len(requests) == 1


def test_unprocessed_keys_are_read_again(client: NewClient) -> None:
    unprocessed_keys = {"table": {"Keys": [{"pk": {"S": "O#demo"}, "sk": {"S": "B"}}], "ConsistentRead": True}}
    second = {**ITEM, "sk": {"S": "B"}}
    act, requests = responses_in_turn(
        reply({"Responses": {"table": [ITEM]}, "UnprocessedKeys": unprocessed_keys}),
        reply({"Responses": {"table": []}, "UnprocessedKeys": unprocessed_keys}),
        reply({"Responses": {"table": [second]}, "UnprocessedKeys": {}}),
    )
    with scripted_server(act) as address:
        assert set(Table(client(address), "table").get_many(KEYS)) == set(KEYS)
    assert [len(request.json["RequestItems"]["table"]["Keys"]) for request in requests] == [2, 1, 1]


def test_unprocessed_items_are_written_again(client: NewClient) -> None:
    unprocessed_items = {"table": [{"PutRequest": {"Item": ITEM}}]}
    act, requests = responses_in_turn(reply({"UnprocessedItems": unprocessed_items}), reply({"UnprocessedItems": {}}))
    with scripted_server(act) as address:
        Table(client(address), "table").put_many([{"pk": "O#demo", "sk": "A", "n": 3}])
    assert [request.json["RequestItems"] for request in requests] == [unprocessed_items, unprocessed_items]


def test_only_the_unprocessed_items_of_many_batches_are_written_again(client: NewClient) -> None:
    items = [{"pk": "O#demo", "sk": f"{number:02}"} for number in range(60)]
    late_keys: set[str] = set()
    stored_keys: list[str] = []

    def act(request: ScriptedRequest) -> ScriptedResponse:
        writes = request.json["RequestItems"]["table"]
        unprocessed_writes = [one for one in writes if (sk := sort_key(one)).endswith("7") and sk not in late_keys]
        late_keys.update(map(sort_key, unprocessed_writes))
        stored_keys.extend(sort_key(one) for one in writes if one not in unprocessed_writes)
        return reply({"UnprocessedItems": {"table": unprocessed_writes} if unprocessed_writes else {}})

    with scripted_server(act) as address:
        Table(client(address), "table").put_many(items)
    assert len(late_keys) == 6
    assert sorted(stored_keys) == [item["sk"] for item in items]


def sort_key(write: Any) -> str:
    return str(write["PutRequest"]["Item"]["sk"]["S"])


def test_a_batch_throttled_longer_than_the_clients_retries_is_written_in_the_end(client: NewClient) -> None:
    act, requests = responses_in_turn(
        *[error_response("ProvisionedThroughputExceededException")] * 7, reply({"UnprocessedItems": {}})
    )
    with scripted_server(act) as address:
        Table(client(address), "table").put_many([{"pk": "O#demo", "sk": "A"}])
    assert len(requests) == 8
    assert len({request.body for request in requests}) == 1


def test_a_batch_that_is_refused_for_good_raises(client: NewClient) -> None:
    act, requests = responses_in_turn(error_response("ValidationException"))
    with scripted_server(act) as address, pytest.raises(RequestRefused):
        Table(client(address), "table").put_many([{"pk": "O#demo", "sk": "A"}])
    assert len(requests) == 1


def test_a_connection_closed_by_the_server_is_not_reused(client: NewClient) -> None:
    act, requests = responses_in_turn(reply({"Item": ITEM}, cut=True), ITEM_RESPONSE)
    with scripted_server(act) as address:
        connection = client(address)
        connection.call("GetItem", GET)
        connection.call("GetItem", GET)
    assert len(requests) == 2


def test_bytes_are_stored_and_read_unchanged(client: NewClient) -> None:
    content = bytes(range(256))
    act, requests = responses_in_turn(reply({}), reply({"Item": {**ITEM, "b": {"B": "AAEC"}}}))
    with scripted_server(act) as address:
        table = Table(client(address), "table")
        table.put({**KEYS[0]._asdict(), "content": content})
        assert table.get(KEYS[0]) == {"pk": "O#demo", "sk": "A", "n": 3, "b": b"\0\1\2"}
    assert requests[0].json["Item"]["content"]["B"].startswith("AAECAwQF")
