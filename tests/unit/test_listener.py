from __future__ import annotations

import socket
from types import SimpleNamespace
from typing import Any

import pytest

from footlight import tls
from footlight.config import SiteConfig
from footlight.errors import Invalid
from footlight.listener import base_url, listen, stream_url


@pytest.mark.parametrize(
    ("given", "how", "url"),
    [
        ("127.0.0.1:0", "auto", "https://127.0.0.1:8500"),
        ("127.0.0.1:8443", "off", "http://127.0.0.1:8500"),
        ("0.0.0.0:1", "auto", "https://localhost:8500"),
        ("[::]:1", "a,b", "https://localhost:8500"),
        ("[::1]:1", "auto", "https://[::1]:8500"),
        ("portal.test:1", "auto", "https://portal.test:8500"),
    ],
)
def test_the_address_for_others_has_the_port_that_was_bound(given: str, how: str, url: str) -> None:
    bound: Any = SimpleNamespace(getsockname=lambda: ("ignored", 8500))
    assert base_url(SiteConfig(listen=given, tls=how), bound) == url


@pytest.mark.parametrize(
    ("config", "url"),
    [
        ({"stream_url": "https://one.test/x"}, "https://one.test/x"),
        ({"listen": "192.0.2.1:8443"}, "https://192.0.2.1:8500"),
        ({"listen": "0.0.0.0:1"}, "https://hub.test:8500"),
        ({"listen": "[::]:1"}, "https://hub.test:8500"),
    ],
)
def test_hosts_bring_streams_to_this_very_server(
    monkeypatch: pytest.MonkeyPatch, config: dict[str, str], url: str
) -> None:
    monkeypatch.setattr(tls, "names_outside", lambda: ["hub.test", "192.0.2.1"])
    bound: Any = SimpleNamespace(getsockname=lambda: ("ignored", 8500))
    assert stream_url(SiteConfig(**config), bound) == url  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "host"), [(["2001:db8::1"], "[2001:db8::1]"), ([], socket.getfqdn())]
)
def test_a_server_without_a_full_name(
    monkeypatch: pytest.MonkeyPatch, names: list[str], host: str
) -> None:
    monkeypatch.setattr(tls, "names_outside", lambda: names)
    bound: Any = SimpleNamespace(getsockname=lambda: ("ignored", 8500))
    assert stream_url(SiteConfig(listen="0.0.0.0:1"), bound) == f"https://{host}:8500"


def test_a_taken_address_is_invalid_and_port_0_picks_one() -> None:
    listener = listen(SiteConfig(listen="127.0.0.1:0"))
    try:
        port = listener.getsockname()[1]
        assert port > 0
        assert not listener.get_inheritable()
        with socket.socket() as rival:
            rival.bind(("127.0.0.1", 0))
            rival.listen()
            taken = rival.getsockname()[1]
            with pytest.raises(Invalid, match=f"cannot listen on 127.0.0.1:{taken}"):
                listen(SiteConfig(listen=f"127.0.0.1:{taken}"))
    finally:
        listener.close()
