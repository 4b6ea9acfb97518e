"""AWS Signature Version 4 for the one kind of request that is sent: a POST of JSON to `/`."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

CONTENT_TYPE = "application/x-amz-json-1.0"
_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Credentials:
    """AWS credentials; `token` is empty for long-term keys, `expires_at` None if unknown. Never in a repr."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        if not all(text.isascii() and text.isprintable() for text in (self.access_key, self.secret_key, self.token)):
            raise ValueError("credentials hold a character that no header can")


class Scope(NamedTuple):
    """What a signature is valid for; `host` is the value of the Host header."""

    host: str
    region: str
    service: str = "dynamodb"


def signed_headers(scope: Scope, credentials: Credentials, target: str, body: bytes, at: datetime) -> Mapping[str, str]:
    """The headers of a request with this body, including its signature, valid for some minutes around `at`, in UTC."""
    instant = f"{at.isoformat(timespec='seconds')[:19]}Z".replace("-", "").replace(":", "")
    headers = {"content-type": CONTENT_TYPE, "host": scope.host, "x-amz-date": instant}
    if credentials.token:
        headers["x-amz-security-token"] = credentials.token
    headers["x-amz-target"] = target
    names = ";".join(headers)
    lines = "".join([f"{name}:{value}\n" for name, value in headers.items()])
    request = f"POST\n/\n\n{lines}\n{names}\n{sha256(body).hexdigest()}"
    where = f"{instant[:8]}/{scope.region}/{scope.service}/aws4_request"
    text = f"{_ALGORITHM}\n{instant}\n{where}\n{sha256(request.encode()).hexdigest()}"
    signature = _mac(credentials.secret_key, instant[:8], scope.region, scope.service).copy()
    signature.update(text.encode())
    credential = f"Credential={credentials.access_key}/{where}"
    headers["authorization"] = f"{_ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature.hexdigest()}"
    return headers


@lru_cache(maxsize=4)
def _mac(secret: str, *parts: str) -> hmac.HMAC:
    """The HMAC with the signing key of one day, region and service; a copy costs less than one with the key again."""
    key = b"AWS4" + secret.encode()
    for part in (*parts, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, digestmod="sha256")
