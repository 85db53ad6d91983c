from __future__ import annotations

import pytest

from footlight.api.displays import browser_of


@pytest.mark.parametrize(
    ("user_agent", "platform", "version"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "HeadlessChrome/140.0.0.0 Safari/537.36",
            "Linux",
            "140.0.0.0",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
            "Windows",
            "143.0",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.1 Safari/605.1.15",
            "macOS",
            "18.1",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0.1 Mobile", "Android", "140.0.1"),
        ("curl/8.0", "Unknown", ""),
        ("", "Unknown", ""),
    ],
)
def test_platform_and_version_of_the_browser(user_agent: str, platform: str, version: str) -> None:
    assert browser_of(user_agent) == (platform, version)
