from __future__ import annotations

import pytest

from footlight.api.host_reach import url_for_hosts, warning_of


@pytest.mark.parametrize(
    ("called", "outside", "url"),
    [
        ("portal.test", "https://hub.test:8443", "https://portal.test"),
        ("localhost:8443", "https://hub.test:8443", "https://hub.test:8443"),
        ("127.0.0.1:8443", "https://127.0.0.1:8443", "https://127.0.0.1:8443"),
        ("[::1]:8443", "https://hub.test:8443", "https://hub.test:8443"),
        ("[x", "https://hub.test:8443", "https://[x"),
    ],
)
def test_hosts_find_the_site_as_the_caller_does_if_they_can(
    called: str, outside: str, url: str
) -> None:
    assert url_for_hosts(True, called, outside) == url


def test_what_is_not_secure_says_so() -> None:
    assert url_for_hosts(False, "localhost:1", "http://localhost:1") == "http://localhost:1"


@pytest.mark.parametrize(
    ("url", "bus", "words"),
    [
        ("https://localhost:8443", ["127.0.0.1:1"], "the site is on an address that only this"),
        ("https://[::1]:8443", ["hub.test:1"], "--listen"),
        ("https://hub.test", ["127.0.0.1:1", "[::1]:1"], "the site's bus is on an address that"),
        ("https://hub.test", ["127.0.0.1:1"], "--bus-listen"),
    ],
)
def test_what_keeps_hosts_away_is_said(url: str, bus: list[str], words: str) -> None:
    assert words in str(warning_of(url, bus))


@pytest.mark.parametrize("bus", [[], ["hub.test:1"], ["127.0.0.1:1", "192.0.2.1:1"]])
def test_where_nothing_speaks_against_it_nothing_is_said(bus: list[str]) -> None:
    assert warning_of("https://hub.test", bus) is None
