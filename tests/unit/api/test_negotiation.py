"""Accept and content types."""

from __future__ import annotations

from typing import Literal

import pytest

from footlight.api.negotiation import accepts_json, refused_media_type


@pytest.mark.parametrize(
    "accept",
    [
        None, "", "application/json", "application/json; charset=utf-8", "APPLICATION/JSON",
        "application/*", "*/*", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html, text/json",
    ],
)  # fmt: skip
def test_json_is_allowed(accept: str | None) -> None:
    assert accepts_json(accept)


@pytest.mark.parametrize(
    "accept",
    ["text/html", "application/xml", "application/json;q=0, */*", "*/*;q=0", "image/*", "json",
     "application/json;q=never"],
)  # fmt: skip
def test_json_is_excluded(accept: str) -> None:
    assert not accepts_json(accept)


@pytest.mark.parametrize(
    ("content_type", "kind", "passes"),
    [
        (None, "json", True),
        ("application/json", "json", True),
        ('Application/JSON; charset="utf-8"', "json", True),
        ("application/merge-patch+json", "json", True),
        ("application/json; charset=utf-16", "json", False),
        ("application/x-www-form-urlencoded", "json", False),
        ("text/plain", "json", False),
        ("application/x-www-form-urlencoded; charset=utf-8", "form", True),
        ("application/json", "form", False),
        ("image/png", "any", True),
    ],
)
def test_bodies(
    content_type: str | None, kind: Literal["json", "form", "any"], passes: bool
) -> None:
    assert (refused_media_type(content_type, kind) is None) is passes
