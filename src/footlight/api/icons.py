"""Icons. Source: rest-api.md section 7.5."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Sequence
from typing import Any

from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, Row, select

from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.listing import page
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Permission
from footlight.errors import Invalid
from footlight.site import icons, pictures
from footlight.store import schema
from footlight.wire.rest.icon import Icon, IconRequest
from footlight.wire.rest.paging import Collection

routes = Routes(cvad=True)

_i = schema.icons


@routes.add("GET", "/Icons", gives=Collection[Icon], statuses=(200, 400, 401, 403))
async def list_icons(
    caller: GivenCaller,
    parts: GivenParts,
    builtIn: FromQuery[bool | None] = None,
    iconFormat: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """All icons, or those that are built in, or not."""
    caller.require(Permission.APPLICATION_READ)
    query = select(_i)
    if builtIn is not None:
        query = query.where(_i.c.is_built_in.is_(builtIn))

    def render(_: Connection, rows: Sequence[Row[Any]]) -> list[Icon]:
        return [_wire(icons.Icon(row.uid, row.raw, row.is_built_in), iconFormat) for row in rows]

    return await page(
        parts,
        f"icons:{builtIn}",
        query,
        _i.c.uid,
        render,
        limit=limit,
        token=continuationToken,
        fields=fields,
    )


@routes.add(
    "POST",
    "/Icons",
    status=201,
    job="AddIcon",
    takes=IconRequest,
    gives=Icon,
    statuses=(201, 400, 401, 403),
)
async def add_icon(
    request: Request[Any, Any, Any], caller: GivenCaller, parts: GivenParts
) -> Response[Icon]:
    """Keep an ICO or PNG file as an icon."""
    caller.require(Permission.ICON_MANAGE)
    wanted = await json_body(request, IconRequest)
    try:
        raw = base64.b64decode(wanted.raw_data, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("RawData is not base64.", name="RawData") from None
    media_type = await asyncio.to_thread(pictures.checked_file, raw)
    icon = await parts.store.write(lambda tx: icons.add(tx, caller, raw, media_type))
    location = f"{entry_of(request.scope).base_url}/Icons/{icon.uid}"
    return Response(_wire(icon, None), status_code=201, headers={"location": location})


@routes.add("GET", "/Icons/{id}", statuses=(200, 400, 401, 403, 404))
async def get_icon(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    iconFormat: FromQuery[str | None] = None,
) -> Icon:
    """An icon; with `iconFormat` also as a picture of that kind and size."""
    caller.require(Permission.APPLICATION_READ)
    icon = await parts.store.read(lambda c: icons.get(c, decode_parameter(id)))
    return await asyncio.to_thread(_wire, icon, iconFormat)


@routes.add(
    "DELETE", "/Icons/{id}", status=204, job="RemoveIcon", statuses=(204, 401, 403, 404, 409)
)
async def remove_icon(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> None:
    """Forget an icon that nothing shows."""
    caller.require(Permission.ICON_MANAGE)
    name = decode_parameter(id)
    await parts.store.write(lambda tx: icons.delete(tx, caller, icons.get(tx.connection, name)))


def _wire(icon: icons.Icon, icon_format: str | None) -> Icon:
    formatted = pictures.formatted(icon.raw, icon_format) if icon_format else None
    return Icon(
        id=str(icon.uid),
        raw_data=base64.b64encode(icon.raw).decode(),
        is_built_in=icon.is_built_in,
        formatted_data=base64.b64encode(formatted).decode() if formatted is not None else None,
    )
