"""SendMessageRequestModel, read as clients write it. Source: rest-api.md sections 1.5 and 3.11."""

from __future__ import annotations

from typing import Literal, cast, get_args

import msgspec

from footlight.errors import Invalid
from footlight.wire.rest.members import Unreadable, read_members
from footlight.wire.rest.reference import RestModel

MAX_TITLE_CHARACTERS = 256
MAX_TEXT_CHARACTERS = 4096

Style = Literal["Critical", "Question", "Exclamation", "Information"]


class Message(msgspec.Struct, frozen=True):
    """What shall be on the screen."""

    style: Style
    title: str
    text: str


class SendMessageRequest(RestModel, frozen=True, kw_only=True):
    """SendMessageRequestModel as it is sent. `text` is needed, and looked for with the rest, so that what
    lacks is named."""

    style: str | None = None
    title: str | None = None
    text: str | None = None


def read_message(body: bytes) -> Message:
    """The message of a request body: member names in any case, unknown members ignored, the style Information
    if none or Unknown is named. Raises Invalid, which names the member."""
    try:
        given = read_members(body, SendMessageRequest)
    except Unreadable as error:
        if not error.where:
            raise Invalid(str(error), problem="invalidJson") from None
        raise Invalid(
            f"{error.where} is not a string.", name=error.where, problem="invalidString"
        ) from None
    text = _bounded(given.text, "Text", MAX_TEXT_CHARACTERS)
    if not text.strip():
        raise Invalid("Text is missing or empty.", name="Text", problem="missing")
    return Message(_style(given.style), _bounded(given.title, "Title", MAX_TITLE_CHARACTERS), text)


def _bounded(value: str | None, name: str, longest: int) -> str:
    if value is not None and len(value) > longest:
        raise Invalid(f"{name} is longer than {longest} characters.", name=name, problem="tooLong")
    return value or ""


def _style(value: str | None) -> Style:
    if value is None:
        return "Information"
    known = {name.lower(): name for name in get_args(Style)} | {"unknown": "Information"}
    style = known.get(value.lower())
    if style is None:
        raise Invalid("Style is not one of the known ones.", name="Style", problem="invalidEnum")
    return cast(Style, style)
