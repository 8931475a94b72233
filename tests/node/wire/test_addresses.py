"""Where the node may go: URLs judged on the raw string, addresses at the socket."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, ip_network

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from node.wire.addresses import AllowList, Blocked, GuardedResolver, check_url, guarded_socket, is_public

REFUSED_URLS = {
    "http": "http://farm.example/",
    "ftp": "ftp://farm.example/",
    "file": "file:///etc/passwd",
    "upper-case scheme": "HTTPS://farm.example/",
    "loopback literal": "https://127.0.0.1/",
    "decimal literal": "https://2130706433/",
    "hexadecimal literal": "https://0x7f.0x0.0x0.0x1/",
    "octal literal": "https://0177.0.0.1/",
    "short literal": "https://127.1/",
    "v6 literal": "https://[::1]/",
    "mapped literal": "https://[::ffff:127.0.0.1]/",
    "single label": "https://localhost/",
    "trailing dot": "https://farm.example./",
    "unicode digits": "https://farm.example/\u0661",
    "ideographic dot": "https://127\u30020\u30020\u30021/",
    "userinfo": "https://farm.example@evil.example/",
    "password": "https://a:b@farm.example/",
    "port 22": "https://farm.example:22/",
    "empty port": "https://farm.example:/",
    "large port": "https://farm.example:99999/",
    "fragment": "https://farm.example/#x",
    "empty fragment": "https://farm.example/#",
    "backslash": "https://farm.example\\@evil.example/",
    "space": "https://farm.example/ x",
    "newline": "https://farm.example/\r\nHost: evil",
    "upper-case host": "https://Farm.example/",
    "underscore": "https://a_b.example/",
    "leading hyphen": "https://-farm.example/",
    "too long": "https://farm.example/" + "a" * 2048,
    "no host": "https:///x",
    "empty": "",
}


@pytest.mark.parametrize("url", REFUSED_URLS.values(), ids=REFUSED_URLS.keys())
def test_a_url_that_is_not_plain_https_to_a_dotted_name_is_refused(url: str) -> None:
    with pytest.raises(Blocked) as refusal:
        check_url(url)
    assert refusal.value.code == "FETCH_BLOCKED"


@pytest.mark.parametrize(
    "url", ["https://farm.example/", "https://a.b-c.farm.test/x?y=z", "https://farm.example:443/.well-known/did.json"]
)
def test_a_plain_https_url_passes_unchanged(url: str) -> None:
    assert check_url(url).url == url


SPECIAL_ADDRESSES = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1"),
    *("192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::"),
    *("3fff::1", "5f00::1", "fc00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "not-an-address"),
]


@pytest.mark.parametrize("address", SPECIAL_ADDRESSES)
def test_a_special_use_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_an_ordinary_address_is_public(address: str) -> None:
    assert is_public(address)


@given(st.integers(0, 2**24 - 1))
def test_no_address_of_a_private_network_is_ever_public(offset: int) -> None:
    assert not is_public(str(IPv4Address(int(ip_network("10.0.0.0/8").network_address) + offset)))
    assert not is_public(f"::ffff:{IPv4Address(int(ip_network('10.0.0.0/8').network_address) + offset)}")


class Names(AbstractResolver):
    """DNS that answers from a table."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        return None


async def test_one_private_answer_spoils_a_name_that_also_has_public_ones() -> None:
    resolver = GuardedResolver(AllowList(), Names("8.8.8.8", "10.0.0.7"))
    with pytest.raises(Blocked):
        await resolver.resolve("mixed.example", 443)


async def test_a_development_host_is_resolved_to_its_own_port_without_dns() -> None:
    resolver = GuardedResolver(AllowList({"farm.test": ("127.0.0.1", 8443)}), Names())
    (answer,) = await resolver.resolve("farm.test", 443)
    assert (answer["host"], answer["port"]) == ("127.0.0.1", 8443)


@pytest.mark.parametrize("where", [("127.0.0.1", 8444), ("127.0.0.2", 8443), ("169.254.169.254", 80)])
def test_the_allow_list_opens_one_address_and_port_and_nothing_beside_it(where: tuple[str, int]) -> None:
    with pytest.raises(Blocked):
        guarded_socket(
            AllowList({"farm.test": ("127.0.0.1", 8443)}), (socket.AF_INET, socket.SOCK_STREAM, 6, "", where)
        )
