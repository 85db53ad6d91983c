"""Addresses of StoreFront servers: a list that clients keep here; nothing goes by it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, or_, select

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Invalid, NotFound
from footlight.ids import new_guid
from footlight.site.names import checked_name, checked_text
from footlight.site.settings import require_everywhere
from footlight.store import schema
from footlight.store.store import Tx
from footlight.store.text import folded
from footlight.wire.rest.site import StoreFrontRequest

MAX_URL_CHARACTERS = 1024

_f = schema.storefronts


def get(connection: Connection, name_or_id: str) -> Row[Any]:
    """The row of that id or name. Raises NotFound."""
    text = name_or_id.lower()
    query = select(_f).where(or_(_f.c.id == text, folded(_f.c.name) == text)).limit(2)
    rows = sorted(connection.execute(query), key=lambda row: row.id != text)
    if not rows:
        raise NotFound(
            "There is no such StoreFront server.", entityType="StoreFrontServer", id=name_or_id
        )
    return rows[0]


def create(tx: Tx, caller: Caller, request: StoreFrontRequest) -> str:
    """The id of a new one. Raises Forbidden, Invalid, Conflict."""
    require_everywhere(caller, Permission.SITE_CONFIGURE)
    values: dict[str, Any] = {
        "id": new_guid(),
        "name": _free_name(tx.connection, request.name),
        "description": checked_text(request.description),
        "url": _url(request.url),
        "enabled": request.enabled is not False,
    }
    tx.connection.execute(_f.insert().values(**values))
    _tell(tx, caller, "Create", values["id"], values["name"])
    return str(values["id"])


def change(tx: Tx, caller: Caller, row: Row[Any], request: StoreFrontRequest) -> None:
    """Raises Forbidden, Invalid, Conflict."""
    require_everywhere(caller, Permission.SITE_CONFIGURE)
    values: dict[str, Any] = {}
    if request.name is not None:
        values["name"] = _free_name(tx.connection, request.name, but=row.id)
    if request.description is not None:
        values["description"] = checked_text(request.description)
    if request.url is not None:
        values["url"] = _url(request.url)
    if request.enabled is not None:
        values["enabled"] = request.enabled
    if values:
        tx.connection.execute(_f.update().where(_f.c.id == row.id).values(**values))
        _tell(tx, caller, "Edit", row.id, row.name)


def delete(tx: Tx, caller: Caller, row: Row[Any]) -> None:
    """Raises Forbidden."""
    require_everywhere(caller, Permission.SITE_CONFIGURE)
    tx.connection.execute(_f.delete().where(_f.c.id == row.id))
    _tell(tx, caller, "Delete", row.id, row.name)


def _url(text: str | None) -> str:
    url = (text or "").strip()
    if not url:
        raise Invalid("Url is missing.", name="Url", problem="missing")
    good = url.lower().startswith(("https://", "http://")) and url.isprintable() and " " not in url
    if not good or len(url) > MAX_URL_CHARACTERS:
        raise Invalid("Url is an http or https address.", name="Url", value=url[:256])
    return url


def _free_name(connection: Connection, text: str | None, *, but: str = "") -> str:
    name = checked_name(text)
    taken = select(_f.c.id).where(folded(_f.c.name) == name.lower(), _f.c.id != but)
    if connection.execute(taken).first() is not None:
        raise Conflict(
            f"There is a StoreFront server {name!r} already.", code="DuplicateObject", name=name
        )
    return name


def _tell(tx: Tx, caller: Caller, what: str, storefront_id: str, name: str) -> None:
    tx.emit("storefront", storefront_id)
    act = Act(
        text=f"{what} StoreFront server '{name}'",
        target_type="StoreFrontServer",
        object_id=storefront_id,
        object_name=name,
    )
    record(tx, caller, act)
