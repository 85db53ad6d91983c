"""Icons of desktops and applications. Their ids on the wire are numbers; the first is the one for everything."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, NotFound
from footlight.site import pictures
from footlight.store import schema
from footlight.store.store import Tx

MAX_ICONS = 10_000

_i = schema.icons


@dataclass(frozen=True)
class Icon:
    """A file with a picture, ICO or PNG."""

    uid: int
    raw: bytes
    is_built_in: bool


def get(connection: Connection, icon_id: str) -> Icon:
    """The icon of that id. Raises NotFound."""
    row = None
    if icon_id.isascii() and icon_id.isdecimal() and len(icon_id) < 16:
        row = connection.execute(select(_i).where(_i.c.uid == int(icon_id))).first()
    if row is None:
        raise NotFound("There is no such icon.", code="UnknownIcon", entityType="Icon", id=icon_id)
    return Icon(row.uid, row.raw, row.is_built_in)


def default_uid(connection: Connection) -> int | None:
    """The icon for what has none of its own; None on a site without built-in icons."""
    first = select(_i.c.uid).where(_i.c.is_built_in).order_by(_i.c.uid)
    uid: int | None = connection.execute(first.limit(1)).scalar()
    return uid


def found(tx: Tx) -> dict[str, int]:
    """Keep the site's own icons; their uids by name."""
    uids: dict[str, int] = {}
    for name in pictures.BUILT_IN:
        values = {"raw": pictures.built_in(name), "format": "image/x-icon", "is_built_in": True}
        uids[name] = tx.connection.execute(
            _i.insert().values(**values).returning(_i.c.uid)
        ).scalar_one()
    return uids


def add(tx: Tx, caller: Caller, raw: bytes, media_type: str) -> Icon:
    """A new icon, of a file that pictures.py has looked at. Raises Forbidden, Conflict when there are too many."""
    caller.require(Permission.ICON_MANAGE)
    if tx.connection.execute(select(func.count()).select_from(_i)).scalar_one() >= MAX_ICONS:
        raise Conflict(f"There are {MAX_ICONS} icons already.")
    made = _i.insert().values(raw=raw, format=media_type).returning(_i.c.uid)
    icon = Icon(tx.connection.execute(made).scalar_one(), raw, False)
    _tell(tx, caller, "Add", icon)
    return icon


def delete(tx: Tx, caller: Caller, icon: Icon) -> None:
    """Raises Forbidden; Conflict for one of the site's own, and for one that something shows."""
    caller.require(Permission.ICON_MANAGE)
    if not caller.everywhere(Permission.ICON_MANAGE):
        # What shows it may lie in any scope.
        raise Forbidden(f"This needs the permission {Permission.ICON_MANAGE} in the scope All.")
    if icon.is_built_in:
        raise Conflict("A built-in icon stays.", id=str(icon.uid))
    r = schema.resources
    if tx.connection.execute(select(r.c.uid).where(r.c.icon_uid == icon.uid)).first() is not None:
        raise Conflict("The icon is in use.", id=str(icon.uid))
    tx.connection.execute(_i.delete().where(_i.c.uid == icon.uid))
    _tell(tx, caller, "Remove", icon)


def _tell(tx: Tx, caller: Caller, what: str, icon: Icon) -> None:
    tx.emit("icon", str(icon.uid))
    act = Act(
        text=f"{what} icon {icon.uid}",
        target_type="Icon",
        object_id=str(icon.uid),
        object_name=str(icon.uid),
    )
    record(tx, caller, act)
