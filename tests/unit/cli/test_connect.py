from __future__ import annotations

import pytest

from footlight.cli.connect import display_url


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://site:8443", "wss://site:8443/footlight/v1/sessions/i%2Fd/display?ticket=a%26b"),
        ("http://[::1]:80/x/", "ws://[::1]:80/x/footlight/v1/sessions/i%2Fd/display?ticket=a%26b"),
    ],
)
def test_the_displays_address(base: str, url: str) -> None:
    assert display_url(base, "i/d", "a&b") == url
