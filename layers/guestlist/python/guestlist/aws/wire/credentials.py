"""Credentials: from the environment, where Lambda puts them, or from the container's endpoint.

The environment is read at each request, so that new keys take effect at once; keys from the endpoint are renewed
some minutes before they expire. On a developer's machine, boto3 reads the profiles.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from guestlist.aws.dynamodb import NoResponse
from guestlist.aws.wire.connection import Connection, Endpoint, trusting
from guestlist.aws.wire.response import MalformedResponse, Response
from guestlist.aws.wire.signing import Credentials

_RENEWAL_MARGIN = timedelta(minutes=5)
_CONTAINER_ENDPOINT = "http://169.254.170.2"
_PLAIN_HOSTS = {"127.0.0.1", "::1", "localhost", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"}


class CredentialProvider:
    """Provides the current credentials, safe for threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._cached: Credentials | None = None
        self._profile: Any = None
        self._lock = Lock()

    def current(self) -> Credentials:
        """The credentials to sign with. Raises `NoResponse` without any."""
        return of_environment() or self._cached_or_fetched()

    def renew(self, rejected: Credentials) -> bool:
        """Whether there are other credentials than these, which were refused."""
        with self._lock:
            if self._cached == rejected:
                self._cached = None
        return self.current() != rejected

    def _cached_or_fetched(self) -> Credentials:
        with self._lock:
            if self._cached is None or self._has_expired(self._cached, _RENEWAL_MARGIN):
                self._cached = self._fetch()
            return self._cached

    def _fetch(self) -> Credentials:
        url = container_url()
        if url is None:
            return self._of_profile()
        try:
            return of_container(url)
        except (OSError, MalformedResponse, ValueError, KeyError) as error:
            if self._cached is not None and not self._has_expired(self._cached):
                return self._cached
            raise NoResponse("no credentials from the container") from error

    def _has_expired(self, credentials: Credentials, margin: timedelta = timedelta()) -> bool:
        return credentials.expires_at is not None and self._now() + margin >= credentials.expires_at

    def _of_profile(self) -> Credentials:
        import boto3

        self._profile = self._profile or boto3.Session().get_credentials()
        if self._profile is None:
            raise NoResponse("no credentials")
        frozen = self._profile.get_frozen_credentials()
        # Expired at once, so that boto3, which knows when they expire, is asked at each request.
        return Credentials(frozen.access_key, frozen.secret_key, frozen.token or "", self._now())


def of_environment(environment: Mapping[str, str] = os.environ) -> Credentials | None:
    """The credentials in the environment, if any."""
    access_key, secret_key = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    if not access_key or not secret_key:
        return None
    return _cached(access_key, secret_key, environment.get("AWS_SESSION_TOKEN", ""))


@lru_cache(maxsize=1)
def _cached(access_key: str, secret_key: str, token: str) -> Credentials:
    return Credentials(access_key, secret_key, token)


def container_url(environment: Mapping[str, str] = os.environ) -> str | None:
    """The URL of the container's credentials, if any."""
    relative = environment.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    return _CONTAINER_ENDPOINT + relative if relative else environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")


def of_container(url: str) -> Credentials:
    """The credentials from the container's endpoint. Raises ValueError for plain HTTP over a network."""
    parts = urlsplit(url)
    endpoint = Endpoint.of(f"{parts.scheme}://{parts.netloc}")
    if not endpoint.tls and endpoint.host not in _PLAIN_HOSTS:
        raise ValueError("credentials are asked for by https, or of this very machine")
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    response = _get(endpoint, path, _authorization())
    if response.status != 200:
        raise ValueError(f"the container's endpoint answered {response.status}")
    document = response.json()
    ends = datetime.fromisoformat(document["Expiration"])
    return Credentials(document["AccessKeyId"], document["SecretAccessKey"], document.get("Token", ""), ends)


def _get(endpoint: Endpoint, path: str, authorization: str) -> Response:
    lines = [f"GET {path} HTTP/1.1", f"host: {endpoint.authority}", "accept: application/json", "connection: close"]
    lines += [f"authorization: {authorization}"] if authorization else []
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise ValueError("the container's address or token holds a character that no header can")
    connection = Connection(endpoint, trusting() if endpoint.tls else None)
    try:
        connection.send("\r\n".join([*lines, "", ""]).encode())
        return connection.receive()
    finally:
        connection.close()


def _authorization() -> str:
    file = os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    if file:
        from pathlib import Path

        return Path(file).read_text(encoding="ascii").strip()
    return os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")
