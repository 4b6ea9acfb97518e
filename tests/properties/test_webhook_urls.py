"""No URL and no address, in whatever form it is written, leads a delivery into a private network."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guestlist.webhooks.urls import UrlNotAllowed, is_public, permitted_address, target_of

PRIVATE_V4 = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/29",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/4",
    "240.0.0.0/4",
]
PRIVATE_V6 = ["::/128", "::1/128", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32"]
EMBEDDED = [
    ("::ffff:0:0/96", 0),
    ("::/96", 0),
    ("::ffff:0:0:0/96", 0),
    ("64:ff9b::/96", 0),
    ("64:ff9b:1::/48", 0),
    ("2002::/16", 80),
    ("2001::/32", 0),
    ("2a00:1450::5efe:0:0/96", 0),
]
v4 = st.ip_addresses(v=4)
private_v4 = st.sampled_from(PRIVATE_V4).flatmap(lambda network: st.ip_addresses(network=network))
private_v6 = st.sampled_from(PRIVATE_V6).flatmap(lambda network: st.ip_addresses(network=network))


@st.composite
def embedding_forms(draw: st.DrawFn) -> str:
    """An IPv6 address that carries an IPv4 one."""
    network, shift = draw(st.sampled_from(EMBEDDED))
    return str(IPv6Address(int(IPv6Address(network.partition("/")[0])) | int(draw(v4)) << shift))


@given(private_v4 | private_v6)
def test_no_address_of_a_private_network_is_public(address: IPv4Address | IPv6Address):
    assert not is_public(str(address))
    assert not is_public(address.exploded)


@given(embedding_forms())
def test_no_address_that_embeds_a_private_one_is_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2a00:1450:400e:80c::200e", "2606:4700::1"])
def test_an_address_of_the_internet_is_public(address: str):
    assert is_public(address)
    assert permitted_address([address], "https") == address


@pytest.mark.parametrize("address", ["fe80::1%eth0", "8.8.8.8%1", "", "localhost", "0x8.8.8.8", "8.8.8.8 "])
def test_a_malformed_address_is_not_public(address: str):
    assert not is_public(address)


@given(st.lists(st.sampled_from(["8.8.8.8", "1.1.1.1"])), private_v4 | private_v6, st.integers(0, 5))
def test_one_private_address_among_public_ones_refuses_the_host(addresses: list[str], bad: object, place: int):
    addresses.insert(min(place, len(addresses)), str(bad))
    with pytest.raises(UrlNotAllowed):
        permitted_address(addresses, "https")


@given(st.text("htps:/@.#?%[]\\0123456789abf ox-", max_size=40) | st.text(max_size=40))
def test_any_text_is_an_https_target_or_refused(text: str):
    for url in (text, f"https://{text}"):
        try:
            target = target_of(url)
        except UrlNotAllowed:
            continue
        assert target.scheme == "https"
        assert target.port == 443 or 1024 <= target.port <= 65535
        assert not set(target.host) & set("@/\\?# \r\n%")
        assert target.path.startswith("/")
        assert not set(target.path) & set(" \r\n\t")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com:70/",
        "https://",
        "https:///path",
        "https://user@example.com/",
        "https://user:password@example.com/",
        "https://@example.com/",
        "https://example.com/#part",
        "https://example.com:22/",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://example.com\\@evil.example/",
        "https://example.com/\r\nHost: evil",
        "https://[::1%25eth0]/",
        "https://bücher.example/",
        "https://-bad-.example/",
        "https://example.com/" + "a" * 2000,
    ],
)
def test_a_url_that_is_not_plain_https_is_refused(url: str):
    with pytest.raises(UrlNotAllowed):
        target_of(url)


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "authority"),
    [
        ("https://Example.com", "example.com", 443, "/", "example.com"),
        ("https://example.com:8443/a/b?c=d", "example.com", 8443, "/a/b?c=d", "example.com:8443"),
        ("https://[2a00:1450:400e:80c::200e]/", "2a00:1450:400e:80c::200e", 443, "/", "[2a00:1450:400e:80c::200e]"),
        ("https://example.com./x", "example.com", 443, "/x", "example.com"),
    ],
)
def test_a_url_is_split_into_host_port_and_path(url: str, host: str, port: int, path: str, authority: str):
    target = target_of(url)
    assert (target.host, target.port, target.path, target.authority) == (host, port, path, authority)


@given(st.ip_addresses())
def test_on_the_local_stack_http_urls_lead_to_this_machine_alone(address: IPv4Address | IPv6Address):
    assert target_of("http://127.0.0.1:8000/hook", loopback=True).port == 8000
    if address.is_loopback:
        assert permitted_address([str(address)], "http", loopback=True) == str(address)
    else:
        with pytest.raises(UrlNotAllowed):
            permitted_address([str(address)], "http", loopback=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1"])
def test_loopback_is_refused_except_on_the_local_stack(address: str):
    assert permitted_address([address], "https", loopback=True) == address
    assert permitted_address([address], "http", loopback=True) == address
    with pytest.raises(UrlNotAllowed):
        permitted_address([address], "https")


@pytest.mark.parametrize("address", ["::ffff:127.0.0.1", "0.0.0.0", "::", "10.0.0.1", "64:ff9b::7f00:1"])  # noqa: S104
def test_the_local_stack_accepts_no_other_form_of_loopback(address: str):
    with pytest.raises(UrlNotAllowed):
        permitted_address([address], "https", loopback=True)
