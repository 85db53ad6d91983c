from __future__ import annotations

from typing import Any

import msgspec
import pytest

from footlight.errors import Invalid
from footlight.wire.rest.message import Message, read_message


def read(members: dict[str, Any]) -> Message:
    return read_message(msgspec.json.encode(members))


def test_names_and_styles_are_read_in_any_case() -> None:
    assert read({"STYLE": "critical", "title": "T", "Text": "x"}) == Message("Critical", "T", "x")
    for style in (None, "Unknown", "information"):
        assert read({"Text": "x", "Style": style}).style == "Information"


def test_the_longest_pass_and_one_more_is_named() -> None:
    assert len(read({"Text": "x" * 4096, "Title": "y" * 256}).text) == 4096
    for name, wrong in (("Text", "x" * 4097), ("Title", "y" * 257), ("Title", 5), ("Style", 1)):
        with pytest.raises(Invalid) as caught:
            read({"Text": "x", name: wrong})
        assert caught.value.facts["name"] == name


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"Text": " "}'])
def test_no_message(body: bytes) -> None:
    with pytest.raises(Invalid):
        read_message(body)
