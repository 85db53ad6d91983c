from __future__ import annotations

from collections.abc import Sequence

import pytest

from footlight.errors import Invalid
from footlight.hooks.destination import Destinations, Refused, resolve_host

PUBLIC = Destinations.parse("public")


def known(*addresses: str) -> object:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


INSIDE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:1::1",
]


@pytest.mark.parametrize("address", INSIDE)
async def test_what_only_the_inside_reaches_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        await PUBLIC.target("https://hooks.test/x", known(address))  # type: ignore[arg-type]
    shown = f"[{address}]" if ":" in address else address
    with pytest.raises(Invalid):
        PUBLIC.check(f"https://{shown}/x")


async def test_the_address_that_was_looked_at_is_the_target() -> None:
    found = await PUBLIC.target(
        "https://Hooks.Test:8443/x/y?z=1",
        known("10.0.0.1", "93.184.216.34", "127.0.0.1"),  # type: ignore[arg-type]
    )
    assert (found.address, found.host, found.port) == ("93.184.216.34", "hooks.test", 8443)
    assert (found.path, found.authority, found.secure) == ("/x/y?z=1", "hooks.test:8443", True)
    bare = await PUBLIC.target("https://hooks.test", known("2606:2800:220:1::1"))  # type: ignore[arg-type]
    assert (bare.port, bare.path, bare.authority) == (443, "/", "hooks.test")


@pytest.mark.parametrize(
    ("option", "host", "address", "allowed"),
    [
        ("hooks.test", "hooks.test", "10.0.0.1", True),
        ("hooks.test", "other.test", "93.184.216.34", False),
        ("hooks.test", "a.hooks.test", "93.184.216.34", False),
        ("*.hooks.test", "a.b.hooks.test", "10.0.0.1", True),
        ("*.hooks.test", "hooks.test", "10.0.0.1", False),
        ("10.0.0.0/8", "any.test", "10.0.0.1", True),
        ("10.0.0.0/8", "any.test", "93.184.216.34", False),
        ("10.0.0.0/8", "any.test", "::ffff:10.0.0.1", True),
        ("public, 10.1.2.3", "any.test", "10.1.2.3", True),
        ("public, 10.1.2.3", "any.test", "93.184.216.34", True),
        ("public, 10.1.2.3", "any.test", "10.1.2.4", False),
        ("", "any.test", "93.184.216.34", False),
    ],
)
async def test_the_option_says_where_to(
    option: str, host: str, address: str, allowed: bool
) -> None:
    destinations = Destinations.parse(option)
    url = f"https://{host}/"
    if allowed:
        found = await destinations.target(url, known(address))  # type: ignore[arg-type]
        assert found.host == host
        return
    with pytest.raises((Refused, Invalid)):
        await destinations.target(url, known(address))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://hooks.test/",
        "https:///x",
        "hooks.test/x",
        "https://user@hooks.test/",
        "https://u:p@hooks.test/",
        "https://hooks.test/#part",
        "https://hooks.test:0/",
        "https://hooks.test:x/",
        "https://[::1/",
        "https://hooks.test/\n",
        "https://hooks.test/ä",
        "https://hooks.test/" + "x" * 2048,
        "http://hooks.test/",
        "http://93.184.216.34/",
        "",
    ],
)
def test_urls_that_are_no_destination(url: str) -> None:
    with pytest.raises(Invalid):
        PUBLIC.check(url)


async def test_plain_http_is_for_loopback_that_is_named() -> None:
    named = Destinations.parse("127.0.0.0/8,localhost")
    found = await named.target("http://127.0.0.1:81/x", known("127.0.0.1"))  # type: ignore[arg-type]
    assert (found.address, found.port, found.secure) == ("127.0.0.1", 81, False)
    with pytest.raises(Refused):
        await named.target("http://localhost/", known("10.0.0.1"))  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        Destinations.parse("10.0.0.1").check("http://10.0.0.1/")


@pytest.mark.parametrize("option", ["a b", "*", "10.0.0.1/8", "https://x", "a/b"])
def test_wrong_options_are_refused(option: str) -> None:
    with pytest.raises(Invalid, match="webhook_hosts"):
        Destinations.parse(option)


async def test_hosts_are_looked_up_by_the_system() -> None:
    assert "127.0.0.1" in await resolve_host("127.0.0.1", 80)
