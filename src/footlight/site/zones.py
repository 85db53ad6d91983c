"""Zones, and which catalogs lie in them; machines lie where their catalog does.

Zones belong to the whole site: renaming and deleting one needs the permission everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, case, func, or_, select

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.ids import new_guid
from footlight.site import metadata
from footlight.site.names import checked_name, checked_text
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.store.text import folded
from footlight.wire.rest.zone import ZonedItemRequest, ZoneRequest

MAX_ITEMS = 1000

_z = schema.zones
_c = schema.catalogs
_m = schema.machines


def find(connection: Connection, name_or_id: str) -> Row[Any] | None:
    """The row of the zone of that id, or of that name in any case."""
    text = name_or_id.strip().lower()
    chosen = select(_z).where(or_(_z.c.id == text, folded(_z.c.name) == text)).limit(2)
    rows = sorted(connection.execute(chosen), key=lambda row: row.id != text)
    return rows[0] if rows else None


def get(connection: Connection, name_or_id: str) -> Row[Any]:
    """As find. Raises NotFound."""
    row = find(connection, name_or_id)
    if row is None:
        raise NotFound("There is no such zone.", entityType="Zone", id=name_or_id)
    return row


def sick(connection: Connection, caller: Caller, zone_ids: Iterable[str]) -> set[str]:
    """Of these zones, those with machines that the caller sees, none of them registered."""
    up = func.max(case((_m.c.registered, 1), else_=0))
    query = (
        select(_m.c.zone_id)
        .where(_m.c.zone_id.in_(list(zone_ids)), sight.machines(caller))
        .group_by(_m.c.zone_id)
        .having(up == 0)
    )
    return set(connection.execute(query).scalars())


def create(tx: Tx, caller: Caller, request: ZoneRequest) -> str:
    """The id of a new zone. Raises Forbidden, Invalid, Conflict."""
    caller.require(Permission.ZONE_MANAGE)
    name = _free_name(tx.connection, request.name)
    values = {
        "id": new_guid(),
        "name": name,
        "is_primary": False,
        "description": checked_text(request.description),
        "metadata": metadata.merged("{}", request.metadata or ()),
    }
    tx.connection.execute(_z.insert().values(**values))
    _tell(tx, caller, f"Create zone '{name}'", str(values["id"]), name, {})
    return str(values["id"])


def change(tx: Tx, caller: Caller, row: Row[Any], request: ZoneRequest) -> None:
    """Raises Forbidden, Invalid, Conflict."""
    _require_everywhere(caller)
    values: dict[str, Any] = {}
    if request.name is not None:
        values["name"] = _free_name(tx.connection, request.name, but=row.id)
    if request.description is not None:
        values["description"] = checked_text(request.description)
    if request.metadata is not None:
        values["metadata"] = metadata.merged(row.metadata, request.metadata)
    changed = {
        name: (getattr(row, name), value)
        for name, value in values.items()
        if getattr(row, name) != value
    }
    if changed:
        tx.connection.execute(_z.update().where(_z.c.id == row.id).values(**values))
        _tell(tx, caller, f"Edit zone '{row.name}'", row.id, row.name, changed)


def delete(tx: Tx, caller: Caller, row: Row[Any]) -> None:
    """Raises Forbidden; Conflict for the primary zone, one in which something lies, and one that a delivery group
    or an application wants."""
    _require_everywhere(caller)
    if row.is_primary:
        raise Conflict("The primary zone stays.", id=row.id)
    for table in (_c, _m):
        held = select(table.c.uid).where(table.c.zone_id == row.id).limit(1)
        if tx.connection.execute(held).first() is not None:
            raise Conflict(f"Something lies in the zone {row.name!r}.", id=row.id)
    rules = schema.placement_rules
    wanted = select(rules.c.delivery_group_id).where(rules.c.zone_id == row.id).limit(1)
    if tx.connection.execute(wanted).first() is not None:
        raise Conflict(f"A delivery group wants the zone {row.name!r}.", id=row.id)
    # Ids are one of a kind: what holds one anywhere in its settings has it as its home.
    home = select(schema.resources.c.uid).where(schema.resources.c.settings.contains(row.id))
    if tx.connection.execute(home.limit(1)).first() is not None:
        raise Conflict(f"The zone {row.name!r} is the home of an application.", id=row.id)
    tx.connection.execute(_z.delete().where(_z.c.id == row.id))
    _tell(tx, caller, f"Delete zone '{row.name}'", row.id, row.name, {})


def put(tx: Tx, caller: Caller, row: Row[Any] | None, items: Sequence[ZonedItemRequest]) -> None:
    """The items lie in this zone from now on; without one, in the primary zone. Raises Forbidden, NotFound,
    and Invalid for what is in no zone here."""
    caller.require(Permission.ZONE_MANAGE)
    if len(items) > MAX_ITEMS:
        raise Invalid(
            f"A request has at most {MAX_ITEMS} items.", name="Items", problem="outOfRange"
        )
    zone = row if row is not None else _primary(tx.connection)
    for item in items:
        if item.item_type != "MachineCatalog":
            raise Invalid(
                "Only machine catalogs lie in zones here.",
                name="ItemType",
                value=item.item_type,
                problem="invalidEnum",
            )
        catalog = _catalog(tx.connection, caller, item)
        if catalog.zone_id != zone.id:
            move(tx, catalog.id, zone.id)
            text = f"Move machine catalog '{catalog.name}' to zone '{zone.name}'"
            _tell(tx, caller, text, zone.id, zone.name, {"ZoneId": (catalog.zone_id, zone.id)})


def move(tx: Tx, catalog_id: str, zone_id: str) -> None:
    """The catalog and its machines lie in that zone."""
    tx.connection.execute(_c.update().where(_c.c.id == catalog_id).values(zone_id=zone_id))
    tx.connection.execute(_m.update().where(_m.c.catalog_id == catalog_id).values(zone_id=zone_id))


def _catalog(connection: Connection, caller: Caller, item: ZonedItemRequest) -> Row[Any]:
    text = (item.id or item.name or "").strip().lower()
    chosen = or_(_c.c.id == text, folded(_c.c.name) == text)
    query = select(_c).where(chosen, sight.catalogs(caller)).limit(2)
    rows = sorted(connection.execute(query), key=lambda row: row.id != text)
    if not rows:
        raise NotFound(
            "There is no such machine catalog.",
            code="UnknownCatalog",
            entityType="MachineCatalog",
            id=text,
        )
    held = select(_c.c.id).where(
        _c.c.id == rows[0].id, sight.catalogs(caller, Permission.CATALOG_EDIT)
    )
    if connection.execute(held).first() is None:
        raise Forbidden(f"This needs the permission {Permission.CATALOG_EDIT}.", id=rows[0].id)
    return rows[0]


def _primary(connection: Connection) -> Row[Any]:
    return connection.execute(select(_z).where(_z.c.is_primary)).one()


def _free_name(connection: Connection, text: str | None, *, but: str = "") -> str:
    name = checked_name(text)
    taken = select(_z.c.id).where(folded(_z.c.name) == name.lower(), _z.c.id != but)
    if connection.execute(taken).first() is not None:
        raise Conflict(f"There is a zone {name!r} already.", code="DuplicateObject", name=name)
    return name


def _require_everywhere(caller: Caller) -> None:
    caller.require(Permission.ZONE_MANAGE)
    if not caller.everywhere(Permission.ZONE_MANAGE):
        raise Forbidden(f"This needs the permission {Permission.ZONE_MANAGE} in the scope All.")


def _tell(
    tx: Tx,
    caller: Caller,
    text: str,
    zone_id: str,
    name: str,
    changes: Mapping[str, tuple[Any, Any]],
) -> None:
    tx.emit("zone", zone_id)
    act = Act(text=text, target_type="Zone", object_id=zone_id, object_name=name, changes=changes)
    record(tx, caller, act)
