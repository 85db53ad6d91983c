"""IconResponseModel, and the request that adds an icon."""

from __future__ import annotations

from footlight.wire.rest.reference import RestModel


class Icon(RestModel, frozen=True, kw_only=True):
    """`raw_data` is the stored file in base64; `formatted_data` the picture in the format that was asked for."""

    id: str
    raw_data: str
    is_built_in: bool
    formatted_data: str | None = None


class IconRequest(RestModel, frozen=True, kw_only=True):
    """AddIconRequestModel: an ICO or PNG file in base64."""

    raw_data: str
    icon_format: str | None = None
