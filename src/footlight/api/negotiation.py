"""What a caller accepts and what its body is. Pure.

Compatible choice: everything passes that does not rule JSON out, and an empty body is never refused
for its content type (docs/compat.md, "Wire choices").
"""

from __future__ import annotations

from typing import Literal


def accepts_json(accept: str | None) -> bool:
    """Whether an Accept value allows `application/json`, with or without parameters. A missing or
    blank one does. Of several ranges that match, the most specific decides (RFC 9110 12.5.1)."""
    if accept is None or not accept.strip():
        return True
    best, quality = -1, 0.0
    for item in accept.split(",")[:64]:
        media, *parameters = (part.strip().lower() for part in item.split(";"))
        rank = {"*/*": 0, "*": 0, "application/*": 1, "application/json": 2, "text/json": 1}.get(
            media
        )
        if rank is not None and rank >= best:
            best, quality = rank, _quality(parameters)
    return quality > 0


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def refused_media_type(
    content_type: str | None, kind: Literal["json", "form", "any"]
) -> str | None:
    """The media type of a non-empty body if a route of that kind refuses it, else None. A body
    without a type is taken as what the route wants."""
    if kind == "any" or content_type is None or not content_type.strip():
        return None
    media, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if kind == "form":
        wanted = media == "application/x-www-form-urlencoded"
    else:
        wanted = media in ("application/json", "text/json") or (
            media.startswith("application/") and media.endswith("+json")
        )
    return None if wanted and _is_utf8(parameters) else content_type.strip()


def _is_utf8(parameters: list[str]) -> bool:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            return False
    return True
