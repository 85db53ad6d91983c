"""`me/Preferences`: a free store of names and values for each caller. Source: rest-api.md section 2.5."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.params import FromPath, FromQuery

from footlight.access import preferences
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.wire.rest.paging import Collection
from footlight.wire.rest.reference import NameValue

routes = Routes(cvad=True)


@routes.add("GET", "/me/Preferences", any_site=True, statuses=(200, 401))
async def list_preferences(
    caller: GivenCaller, parts: GivenParts, namePrefix: FromQuery[str | None] = None
) -> Collection[NameValue]:
    """The caller's own, by name."""
    found = await parts.store.read(
        lambda c: preferences.every(c, caller.account_id, namePrefix or "")
    )
    items = [NameValue(name=name, value=value) for name, value in found]
    return Collection(items=items, total_items=len(items))


@routes.add(
    "PUT",
    "/me/Preferences",
    status=204,
    any_site=True,
    takes=NameValue,
    statuses=(204, 400, 401),
)
async def set_preference(
    request: Request[Any, Any, Any], caller: GivenCaller, parts: GivenParts
) -> None:
    """Keep a value under a name."""
    wanted = await json_body(request, NameValue)
    await parts.store.write(
        lambda tx: preferences.put(tx, caller.account_id, wanted.name, wanted.value)
    )


@routes.add("GET", "/me/Preferences/{name}", any_site=True, statuses=(200, 401, 404))
async def get_preference(caller: GivenCaller, parts: GivenParts, name: FromPath[str]) -> NameValue:
    """The value of a name."""
    wanted = decode_parameter(name)
    value = await parts.store.read(lambda c: preferences.get(c, caller.account_id, wanted))
    return NameValue(name=wanted, value=value)


@routes.add("DELETE", "/me/Preferences/{name}", status=204, any_site=True, statuses=(204, 401, 404))
async def delete_preference(caller: GivenCaller, parts: GivenParts, name: FromPath[str]) -> None:
    """Forget a name."""
    await parts.store.write(
        lambda tx: preferences.delete(tx, caller.account_id, decode_parameter(name))
    )
