"""Where webhooks may go. The server sends them from inside, so an address that only the inside reaches has to be
named by the option `webhook_hosts`; the address that was looked at is the one that is connected to.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

from footlight.errors import Invalid

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

PUBLIC = "public"
MAX_URL_CHARACTERS = 2048
_HOST = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
# Addresses within which others are: what a gateway makes of them decides where they lead.
_WRAPPERS = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


class Refused(Exception):
    """The address may not be delivered to."""


@dataclass(frozen=True)
class Target:
    """Where a delivery goes: the checked address of the host, and what was asked for."""

    address: str
    host: str
    port: int
    path: str  # with its query
    secure: bool

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.secure else 80) else f"{name}:{self.port}"


@dataclass(frozen=True)
class Destinations:
    """The option: whether any public address will do, and the hosts and networks that are named."""

    public: bool
    hosts: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]

    @staticmethod
    def parse(text: str) -> Destinations:
        """`public`, names (`*.example.com` for all below), addresses and networks, by commas. Raises Invalid."""
        hosts: set[str] = set()
        networks: list[IPv4Network | IPv6Network] = []
        words = [word.strip().lower() for word in text.split(",") if word.strip()]
        for word in words:
            try:
                networks.append(ipaddress.ip_network(word))
            except ValueError:
                if word != PUBLIC and not _HOST.fullmatch(word):
                    raise Invalid(
                        f"webhook_hosts: {word!r} is no host, address or network",
                        name="webhook_hosts",
                    ) from None
                hosts.add(word)
        return Destinations(PUBLIC in hosts, frozenset(hosts - {PUBLIC}), tuple(networks))

    def check(self, url: str) -> SplitResult:
        """The parts of a URL to which deliveries could go, without asking for the host's addresses. Raises Invalid."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise _invalid("The URL cannot be read.") from None
        if len(url) > MAX_URL_CHARACTERS or not url.isascii() or not url.isprintable():
            raise _invalid(f"A URL has at most {MAX_URL_CHARACTERS} printable ASCII characters.")
        if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
            raise _invalid("The URL is https://HOST[:PORT]/PATH.")
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise _invalid("The URL has no name, password or fragment.")
        literal = _address(parts.hostname)
        if literal is not None and not self._allows(parts.hostname, literal):
            raise _invalid(f"The option webhook_hosts does not allow {parts.hostname}.")
        if literal is None and not (self.public or self.networks or self._named(parts.hostname)):
            raise _invalid(f"The option webhook_hosts does not allow {parts.hostname}.")
        if parts.scheme == "http" and not _may_be_loopback(parts.hostname, literal):
            raise _invalid("Plain http is for loopback addresses only: use https.")
        return parts

    async def target(self, url: str, resolve: Resolve) -> Target:
        """Where a delivery to the URL goes now. Raises Invalid, Refused; OSError when the host has no address."""
        parts = self.check(url)
        host, secure = str(parts.hostname), parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        found = [_address(one) for one in await resolve(host, port)]
        allowed = [one for one in found if one is not None and self._allows(host, one)]
        if not secure:
            allowed = [one for one in allowed if _plain(one).is_loopback]
        if not allowed:
            raise Refused(f"{host} has no address that webhook_hosts allows")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(str(allowed[0]), host, port, path, secure)

    def _named(self, host: str) -> bool:
        name = host.lower().rstrip(".")
        above = [f"*.{rest}" for rest in _parents(name)]
        return name in self.hosts or any(one in self.hosts for one in above)

    def _allows(self, host: str, address: Address) -> bool:
        plain = _plain(address)
        if self._named(host) or any(plain in network for network in self.networks):
            return True
        return self.public and _is_public(plain)


async def resolve_host(host: str, port: int) -> list[str]:
    """The host's addresses, as the system gives them. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]).partition("%")[0] for *_, address in found]


def _invalid(message: str) -> Invalid:
    return Invalid(message, name="url")


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _plain(address: Address) -> Address:
    """An IPv4 address that is written as an IPv6 one is that IPv4 address."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def _is_public(address: Address) -> bool:
    if any(address in network for network in _WRAPPERS):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _may_be_loopback(host: str, literal: Address | None) -> bool:
    return host.lower() == "localhost" if literal is None else _plain(literal).is_loopback


def _parents(name: str) -> list[str]:
    labels = name.split(".")
    return [".".join(labels[place:]) for place in range(1, len(labels))]
