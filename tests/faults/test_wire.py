"""The own client where it differs from boto3 or is rarely tested: time, credentials, TLS."""

import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from threading import Event

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from guestlist.aws.dynamodb import NoResponse, RequestRefused
from guestlist.aws.wire.client import Wire, wire
from guestlist.aws.wire.connection import Connections, Endpoint
from guestlist.aws.wire.credentials import CredentialProvider, of_container
from guestlist.aws.wire.signing import Credentials
from tests.engines.scripted import (
    ScriptedRequest,
    ScriptedResponse,
    error_response,
    reply,
    responses_in_turn,
    scripted_server,
)
from tests.engines.tables import own_client

GET = {"TableName": "table", "Key": {"pk": {"S": "O#demo"}, "sk": {"S": "A"}}}
NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DATE = "%a, %d %b %Y %H:%M:%S GMT"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "first")


def signing_at(address: str, now: datetime = NOW) -> Wire:
    return Wire(Connections(Endpoint.of(address)), "eu-west-1", CredentialProvider(lambda: now), lambda: now)


# Answers


UNSOUND = {
    "longer-than-announced": ScriptedResponse(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}{}"),
    "of-no-length": ScriptedResponse(b"HTTP/1.1 200 OK\r\n\r\n{}", cut=True),
    "of-a-length-that-is-none": ScriptedResponse(b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}"),
    "in-chunks": ScriptedResponse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    "half-a-head": ScriptedResponse(b"HTTP/1.1 200 OK\r\nc", cut=True),  # which boto3 takes for an empty answer
    "not-http": ScriptedResponse(b"SSH-2.0-OpenSSH\r\n\r\n"),
    "without-end": ScriptedResponse(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 20_000),
    "no-json": reply(b"{", 200),
    "no-object": reply(b"[]", 200),
}


@pytest.mark.parametrize("response", UNSOUND.values(), ids=UNSOUND)
def test_a_malformed_response_counts_as_no_response(response: ScriptedResponse) -> None:
    act, requests = responses_in_turn(response, reply({"Item": {}}))
    with scripted_server(act) as address:
        assert own_client(address).call("GetItem", GET) == {"Item": {}}
    assert len(requests) == 2


def test_a_response_that_takes_too_long_is_not_awaited() -> None:
    over = Event()

    def act(_request: ScriptedRequest) -> ScriptedResponse:
        over.wait(20)
        return ScriptedResponse(cut=True)

    with scripted_server(act) as address:
        try:
            with pytest.raises(NoResponse) as error:
                own_client(address, read=0.02).call("GetItem", GET)
        finally:
            over.set()
    assert isinstance(error.value.__cause__, TimeoutError)


def test_a_connection_is_kept_for_the_next_request() -> None:
    ports: set[str] = set()
    act, _ = responses_in_turn(reply({}))
    with scripted_server(act) as address:
        client = own_client(address)
        connections = client._connections  # noqa: SLF001 - what it keeps is not told otherwise
        for _ in range(3):
            client.call("GetItem", GET)
            ports.add(str(id(connections._free[0])))  # noqa: SLF001
    assert len(ports) == 1


# Requests


class Word(StrEnum):
    KEY = "key"


def test_a_request_has_binary_values_in_base64_and_the_values_of_enums() -> None:
    act, requests = responses_in_turn(reply({}))
    item = {"b": {"B": b"\xfb\xff\x00"}, "m": {"M": {Word.KEY: {"S": Word.KEY}}}, "v": {"B": memoryview(b"view")}}
    with scripted_server(act) as address:
        own_client(address).call("PutItem", {"TableName": "table", "Item": item})
    expected = {"b": {"B": "+/8A"}, "m": {"M": {"key": {"S": "key"}}}, "v": {"B": "dmlldw=="}}
    assert requests[0].json == {"TableName": "table", "Item": expected}


def test_a_value_without_a_json_form_is_not_sent() -> None:
    act, requests = responses_in_turn(reply({}))
    with scripted_server(act) as address, pytest.raises(TypeError):
        own_client(address).call("PutItem", {"TableName": "table", "Item": {"a": {"S": {1}}}})
    assert not requests


# Time


@pytest.mark.parametrize("ahead", [-HOUR, HOUR], ids=["slow", "fast"])
def test_a_wrong_clock_is_corrected_once_by_the_servers_time(ahead: timedelta) -> None:
    requests: list[str] = []

    def act(request: ScriptedRequest) -> ScriptedResponse:
        requests.append(request.headers["x-amz-date"])
        right = request.headers["x-amz-date"] == f"{NOW:%Y%m%dT%H%M%SZ}"
        return reply({}) if right else error_response("InvalidSignatureException", date=NOW.strftime(DATE))

    with scripted_server(act) as address:
        client = signing_at(address, NOW + ahead)
        client.call("GetItem", GET)
        client.call("GetItem", GET)
    assert len(requests) == 3
    assert len(set(requests[1:])) == 1


@pytest.mark.parametrize("date", [NOW.strftime(DATE), "yesterday", ""])
def test_a_wrong_signature_at_the_right_time_is_not_retried(date: str) -> None:
    act, requests = responses_in_turn(error_response("InvalidSignatureException", date=date))
    with scripted_server(act) as address, pytest.raises(RequestRefused):
        signing_at(address).call("GetItem", GET)
    assert len(requests) == 1


# Credentials


def test_new_credentials_in_the_environment_are_used_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    act, requests = responses_in_turn(reply({}))
    with scripted_server(act) as address:
        client = signing_at(address)
        client.call("GetItem", GET)
        monkeypatch.setenv("AWS_SESSION_TOKEN", "second")
        client.call("GetItem", GET)
        monkeypatch.delenv("AWS_SESSION_TOKEN")
        client.call("GetItem", GET)
    assert [request.headers.get("x-amz-security-token") for request in requests] == ["first", "second", None]


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException"])
def test_an_expired_token_is_replaced_by_the_next(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    def act(request: ScriptedRequest) -> ScriptedResponse:
        monkeypatch.setenv("AWS_SESSION_TOKEN", "second")
        return error_response(code) if request.headers["x-amz-security-token"] == "first" else reply({})

    with scripted_server(act) as address:
        assert signing_at(address).call("GetItem", GET) == {}


def test_an_expired_token_without_a_successor_is_not_retried() -> None:
    act, requests = responses_in_turn(error_response("ExpiredTokenException"))
    with scripted_server(act) as address, pytest.raises(RequestRefused):
        signing_at(address).call("GetItem", GET)
    assert len(requests) == 1


def credentials_response(token: str, ends: datetime) -> ScriptedResponse:
    facts = {"AccessKeyId": "AKID", "SecretAccessKey": "secret", "Token": token, "Expiration": f"{ends:%FT%TZ}"}
    return reply(facts)


@pytest.fixture
def container(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[ScriptedResponse], list[ScriptedRequest]]]:
    """A container's endpoint: its responses in turn, and the requests that it received."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    gives: list[ScriptedResponse] = []
    requests: list[ScriptedRequest] = []

    def act(request: ScriptedRequest) -> ScriptedResponse:
        requests.append(request)
        return gives[min(len(requests), len(gives)) - 1]

    with scripted_server(act) as address:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{address}/role?x=1")
        monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "pass")
        yield gives, requests


def test_credentials_of_a_container_are_used_until_shortly_before_they_expire(
    container: tuple[list[ScriptedResponse], list[ScriptedRequest]],
) -> None:
    gives, requests = container
    gives += [credentials_response("first", NOW + HOUR), credentials_response("second", NOW + 2 * HOUR)]
    now = [NOW]
    provider = CredentialProvider(lambda: now[0])
    assert [provider.current().token, provider.current().token] == ["first", "first"]
    now[0] = NOW + HOUR - timedelta(minutes=5)
    assert provider.current().token == "second"
    assert [(request.path, request.headers["authorization"]) for request in requests] == [("/role?x=1", "pass")] * 2


def test_a_failing_container_is_tolerated_while_its_last_credentials_are_valid(
    container: tuple[list[ScriptedResponse], list[ScriptedRequest]],
) -> None:
    gives, _ = container
    gives += [credentials_response("first", NOW + HOUR), reply({}, 500)]
    now = [NOW]
    provider = CredentialProvider(lambda: now[0])
    assert provider.current().token == "first"
    now[0] = NOW + HOUR - timedelta(minutes=1)
    assert provider.current().token == "first"
    now[0] = NOW + HOUR
    with pytest.raises(NoResponse):
        provider.current()


def test_a_containers_token_may_be_in_a_file(
    container: tuple[list[ScriptedResponse], list[ScriptedRequest]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gives, requests = container
    gives += [credentials_response("first", NOW + HOUR)]
    (tmp_path / "token").write_text("of the file\n", encoding="ascii")
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(tmp_path / "token"))
    CredentialProvider(lambda: NOW).current()
    assert requests[0].headers["authorization"] == "of the file"


@pytest.mark.parametrize("url", ["http://example.com/role", "ftp://127.0.0.1/", "http:///x", "http://10.0.0.1/"])
def test_credentials_are_not_requested_over_a_network_without_tls(url: str) -> None:
    with pytest.raises(ValueError, match=r"https|http"):
        of_container(url)


@pytest.mark.parametrize("bad", ["a\r\nhost: evil", "é", "a\x00"])
def test_credentials_with_line_breaks_are_rejected(bad: str) -> None:
    with pytest.raises(ValueError, match="credentials"):
        Credentials("AKID", "secret", bad)


def test_no_representation_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    credentials = Credentials("AKID-shown", "secret-shown", "token-shown")
    act, _ = responses_in_turn(reply({"__type": "x#ValidationException", "message": "code-shown"}, 400))
    with scripted_server(act) as address, pytest.raises(RequestRefused) as error:
        signing_at(address).call("GetItem", GET)
    for text in (repr(credentials), str(error.value), repr(error.value), caplog.text):
        assert "shown" not in text


# TLS


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's own certificate for a name or address, and the file by which it can be trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    host = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    x509_certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - HOUR)
        .not_valid_after(datetime.now(UTC) + HOUR)
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "trusted.pem", folder / "key.pem"
    certificate_file.write_bytes(x509_certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    return context, certificate_file


def test_a_server_with_a_trusted_certificate_is_called_over_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate_file = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate_file))
    act, requests = responses_in_turn(reply({"Item": {}}))
    with scripted_server(act, context) as address:
        client = signing_at(address)
        assert [client.call("GetItem", GET) for _ in range(2)] == [{"Item": {}}] * 2
    assert len(requests) == 2


@pytest.mark.parametrize(("name", "trust"), [("127.0.0.1", False), ("example.org", True)], ids=["stranger", "other"])
def test_a_server_without_a_valid_certificate_is_sent_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, trust: bool
) -> None:
    context, certificate_file = certificate(tmp_path, name)
    if trust:
        monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate_file))
    act, requests = responses_in_turn(reply({}))
    with scripted_server(act, context) as address, pytest.raises(NoResponse) as error:
        signing_at(address).call("GetItem", GET)
    assert isinstance(error.value.__cause__, ssl.SSLCertVerificationError)
    assert requests == []


# Where it is


@pytest.mark.parametrize(
    ("region", "url", "host", "tls"),
    [
        ("eu-west-1", None, "dynamodb.eu-west-1.amazonaws.com", True),
        ("cn-north-1", None, "dynamodb.cn-north-1.amazonaws.com.cn", True),
        ("eu-west-1", "http://127.0.0.1:4566", "127.0.0.1:4566", False),
        ("eu-west-1", "https://[::1]:8000/", "[::1]:8000", True),
    ],
)
def test_the_endpoint_is_the_regions_own_unless_it_is_set(
    region: str, url: str | None, host: str, *, tls: bool
) -> None:
    endpoint = wire(region, url)._connections.endpoint  # noqa: SLF001 - nothing is sent there
    assert (endpoint.authority, endpoint.tls) == (host, tls)


@pytest.mark.parametrize(("region", "url"), [("", None), ("evil.org/", None), ("eu-west-1", "https://x/path")])
def test_an_invalid_endpoint_is_refused(region: str, url: str | None) -> None:
    with pytest.raises(ValueError, match=r"region|endpoint"):
        wire(region, url)


def test_incomplete_json_of_the_container_is_no_credentials(
    container: tuple[list[ScriptedResponse], list[ScriptedRequest]],
) -> None:
    gives, _ = container
    gives += [reply(json.dumps({"AccessKeyId": "AKID"}).encode())]
    with pytest.raises(NoResponse):
        CredentialProvider(lambda: NOW).current()
