"""The URLs that deliveries may be sent to: https on public addresses, so that no webhook reaches a private network."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from guestlist.model.errors import FieldFault, Invalid

MAX_URL_LENGTH = 2000
_PLAIN = re.compile(r"[!-~]+")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_DEFAULT_PORTS = {"https": 443, "http": 80}
_FIRST_FREE_PORT = 1024
# Each embeds an IPv4 address, which may be private, or belongs to a tunnel or a network's own use.
_EMBEDDING = [
    IPv6Network(text)
    for text in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated (SIIT)
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 with a network's own prefix
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local
    )
]
_ISATAP = 0x5EFE


class UrlNotAllowed(Invalid):
    """The webhook's URL is not allowed."""

    code = "url_not_allowed"


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a delivery: `path` with the query, `host` as in TLS and the Host header."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The host, with the port unless it is the scheme's default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, *, loopback: bool = False) -> Target:
    """The target of a URL; with `loopback`, plain http and any port are allowed, for addresses of this machine.

    Raises `UrlNotAllowed`.
    """
    parts, port = _split(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in _DEFAULT_PORTS or (parts.scheme == "http" and not loopback):
        raise url_not_allowed("https")
    if parts.username is not None or parts.password is not None:
        raise url_not_allowed("credentials")
    if parts.fragment or "#" in url:
        raise url_not_allowed("fragment")
    if not _is_host(host):
        raise url_not_allowed("host")
    port = _DEFAULT_PORTS[parts.scheme] if port is None else port
    if not loopback and port != _DEFAULT_PORTS["https"] and port < _FIRST_FREE_PORT:
        raise url_not_allowed("port")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def _split(url: str) -> tuple[SplitResult, int | None]:
    # Some parsers take a backslash as the end of the host, others do not.
    if not _PLAIN.fullmatch(url) or "\\" in url or len(url) > MAX_URL_LENGTH:
        raise url_not_allowed("characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise url_not_allowed("malformed") from None
    if port == 0:
        raise url_not_allowed("port")
    return parts, port


def _is_host(host: str) -> bool:
    """Whether it is a host name or an address; unusual notations of addresses are checked after resolving."""
    try:
        ip_address(host)
    except ValueError:
        return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.split("."))
    return "%" not in host


def permitted_address(addresses: Iterable[str], scheme: str, *, loopback: bool = False) -> str:
    """The address to connect to, out of those of a host, all of which must be allowed.

    Plain http is allowed for this machine only. Raises `UrlNotAllowed`.
    """
    candidates: Sequence[str] = list(addresses)
    if not candidates:
        raise url_not_allowed("no_address")
    for address in candidates:
        if not (loopback and is_loopback(address)) and (scheme != "https" or not is_public(address)):
            raise url_not_allowed("private")
    return candidates[0]


def is_loopback(address: str) -> bool:
    """Whether it is an address of this machine, in plain notation."""
    parsed = _parsed(address)
    return parsed is not None and parsed.is_loopback and getattr(parsed, "ipv4_mapped", None) is None


def is_public(address: str) -> bool:
    """Whether it is the public address of one host, and not another notation of a private one."""
    parsed = _parsed(address)
    if parsed is None or not parsed.is_global or parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified:
        return False
    if isinstance(parsed, IPv4Address):
        return True
    isatap = int(parsed) >> 32 & 0xFFFF == _ISATAP
    return not isatap and not any(parsed in network for network in _EMBEDDING)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return None if getattr(parsed, "scope_id", None) else parsed


def url_not_allowed(reason: str) -> UrlNotAllowed:
    """The error for a URL that is not allowed for this reason."""
    return UrlNotAllowed([FieldFault("url", f"url_not_allowed.{reason}")])
