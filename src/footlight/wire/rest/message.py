"""SendMessageRequestModel, read as clients write it. Source: rest-api.md sections 1.5 and 3.11."""

from __future__ import annotations

from typing import Any, Literal, cast, get_args

import msgspec

from footlight.errors import Invalid

MAX_TITLE_CHARACTERS = 256
MAX_TEXT_CHARACTERS = 4096

Style = Literal["Critical", "Question", "Exclamation", "Information"]


class Message(msgspec.Struct, frozen=True):
    """What shall be on the screen."""

    style: Style
    title: str
    text: str


def read_message(body: bytes) -> Message:
    """The message of a request body: member names in any case, unknown members ignored, the style Information
    if none or Unknown is named. Raises Invalid, which names the member."""
    try:
        given = msgspec.json.decode(body or b"{}")
    except msgspec.DecodeError as error:
        raise Invalid(f"The body is not JSON: {error}", problem="invalidJson") from None
    if not isinstance(given, dict):
        raise Invalid("The body is not a JSON object.", problem="invalidJson")
    members = {str(name).lower(): value for name, value in given.items()}
    text = _text(members, "Text", MAX_TEXT_CHARACTERS)
    if not text.strip():
        raise Invalid("Text is missing or empty.", name="Text", problem="missing")
    return Message(_style(members), _text(members, "Title", MAX_TITLE_CHARACTERS), text)


def _text(members: dict[str, Any], name: str, longest: int) -> str:
    value = members.get(name.lower())
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid(f"{name} is not a string.", name=name, problem="invalidString")
    if len(value) > longest:
        raise Invalid(f"{name} is longer than {longest} characters.", name=name, problem="tooLong")
    return value


def _style(members: dict[str, Any]) -> Style:
    value = members.get("style")
    if value is None:
        return "Information"
    known = {name.lower(): name for name in get_args(Style)} | {"unknown": "Information"}
    style = known.get(value.lower()) if isinstance(value, str) else None
    if style is None:
        raise Invalid("Style is not one of the known ones.", name="Style", problem="invalidEnum")
    return cast(Style, style)
