"""The desktops that a delivery group publishes: resources of one group each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from footlight.errors import Conflict, Invalid, NotFound
from footlight.ids import new_guid
from footlight.site import entitlement, icons, tags
from footlight.site.entitlement import OPEN, Rule
from footlight.site.names import checked_name, checked_text
from footlight.store import schema
from footlight.store.store import Tx
from footlight.store.text import folded
from footlight.wire.rest.delivery_group import AccessRequest, DesktopRequest

_r = schema.resources
_in = schema.resource_groups

MAX_DESKTOPS = 100
MAX_ASSIGNED = 100_000


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What a desktop's row keeps of the request and no column has."""

    color_depth: str | None = None
    leasing_behavior: str | None = None
    max_desktops: int | None = None
    restrict_to_tag: str | None = None  # id of the tag that its machines have
    secure_ica_required: bool | None = None
    session_reconnection: str | None = None


def of_group(connection: Connection, group_id: str) -> Sequence[Row[Any]]:
    """The desktops of a group, by uid."""
    held = select(_in.c.resource_id).where(_in.c.delivery_group_id == group_id)
    query = select(_r).where(_r.c.kind == "Desktop", _r.c.id.in_(held))
    return list(connection.execute(query.order_by(_r.c.uid)))


def kept(row: Any) -> Kept:
    """What the desktop's row keeps beside its columns."""
    return msgspec.json.decode(row.settings, type=Kept)


def put(tx: Tx, group: Row[Any], wanted: Sequence[DesktopRequest], site_name: str) -> bool:
    """The group publishes exactly these desktops: those with an id, or the name of one that is there, are changed,
    others are made. Whether anything is another now. Raises Invalid, NotFound, Conflict."""
    if len(wanted) > MAX_DESKTOPS:
        raise Invalid(
            f"A group has at most {MAX_DESKTOPS} desktops.", name="Desktops", problem="outOfRange"
        )
    there = {row.id: row for row in of_group(tx.connection, group.id)}
    kept_ids: set[str] = set()
    for request in wanted:
        known = _known(there, request)
        kept_ids.add(_write(tx, group, known, request, site_name))
    gone = set(there) - kept_ids
    for resource_id in gone:
        remove(tx, resource_id)
    return bool(wanted or gone)


def remove(tx: Tx, resource_id: str) -> None:
    """Publish a desktop no longer."""
    entitlement.forget_object(tx, resource_id)
    tx.connection.execute(_in.delete().where(_in.c.resource_id == resource_id))
    tx.connection.execute(_r.delete().where(_r.c.id == resource_id))


def _known(there: dict[str, Row[Any]], request: DesktopRequest) -> Row[Any] | None:
    if request.id:
        for row in there.values():
            if request.id.lower() in (row.id, str(row.uid)):
                return row
        raise NotFound(
            "The group has no such desktop.",
            code="UnknownDesktop",
            entityType="Desktop",
            id=request.id[:256],
        )
    name = (request.name or "").strip().lower()
    return next((row for row in there.values() if name and row.name.lower() == name), None)


def _write(
    tx: Tx, group: Row[Any], known: Row[Any] | None, request: DesktopRequest, site_name: str
) -> str:
    values = _values(tx.connection, group, known, request)
    if known is None:
        resource_id = new_guid()
        defaults = {"enabled": True, "icon_uid": icons.default_uid(tx.connection)}
        row = {"id": resource_id, "kind": "Desktop", "command": "[]", **defaults, **values}
        tx.connection.execute(_r.insert().values(**row))
        link = {"resource_id": resource_id, "delivery_group_id": group.id}
        tx.connection.execute(_in.insert().values(**link))
    else:
        resource_id = known.id
        tx.connection.execute(_r.update().where(_r.c.id == resource_id).values(**values))
    rule = entitlement.rules(tx.connection, [resource_id]).get(resource_id, OPEN)
    changed = merged_rule(tx.connection, rule, request, site_name)
    if changed != rule:
        entitlement.put(tx, resource_id, changed)
    return str(resource_id)


def _values(
    connection: Connection, group: Row[Any], known: Row[Any] | None, request: DesktopRequest
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    published = request.published_name
    if published is not None or known is None:
        values["published_name"] = checked_name(published or group.name, "PublishedName")
    if request.name is not None:
        values["name"] = _free_name(connection, checked_name(request.name), known)
    elif known is None:
        values["name"] = _some_name(connection, values["published_name"])
    if request.description is not None:
        values["description"] = checked_text(request.description)
    if request.enabled is not None:
        values["enabled"] = request.enabled
    if request.icon:
        values["icon_uid"] = _icon_uid(connection, request.icon)
    values["settings"] = msgspec.json.encode(_kept(connection, known, request)).decode()
    return values


def _kept(connection: Connection, known: Row[Any] | None, request: DesktopRequest) -> Kept:
    before = Kept() if known is None else kept(known)
    given = {
        name: getattr(request, name)
        for name in ("color_depth", "max_desktops", "secure_ica_required", "session_reconnection")
        if getattr(request, name) is not None
    }
    if request.leasing_behavior is not None:
        given["leasing_behavior"] = checked_name(request.leasing_behavior, "LeasingBehavior")
    if request.restrict_to_tag is not None:
        given["restrict_to_tag"] = (
            tags.get(connection, request.restrict_to_tag).id if request.restrict_to_tag else None
        )
    if not 0 <= given.get("max_desktops", 0) <= MAX_ASSIGNED:
        raise Invalid(
            f"MaxDesktops is 0 to {MAX_ASSIGNED}.", name="MaxDesktops", problem="outOfRange"
        )
    return msgspec.structs.replace(before, **given)


def merged_rule(connection: Connection, rule: Rule, request: AccessRequest, site_name: str) -> Rule:
    """The rule with what the request says of it. A list that comes without its switch switches it on."""
    included, excluded = rule.included, rule.excluded
    only, without = rule.included_only, rule.use_excluded
    if request.included_users is not None:
        included = entitlement.principals(
            connection, request.included_users, site_name, "IncludedUsers"
        )
        only = bool(included)
    if request.excluded_users is not None:
        excluded = entitlement.principals(
            connection, request.excluded_users, site_name, "ExcludedUsers"
        )
        without = bool(excluded)
    if request.included_user_filter_enabled is not None:
        only = request.included_user_filter_enabled
    if request.excluded_user_filter_enabled is not None:
        without = request.excluded_user_filter_enabled
    return Rule(only, without, rule.allow_anonymous, included, excluded)


def _icon_uid(connection: Connection, text: str) -> int:
    i = schema.icons
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else -1
    if connection.execute(select(i.c.uid).where(i.c.uid == number)).first() is None:
        raise NotFound(
            "There is no such icon.", code="UnknownIcon", entityType="Icon", id=text[:64]
        )
    return number


def _free_name(connection: Connection, name: str, known: Row[Any] | None) -> str:
    if _taken(connection, name, "" if known is None else known.id):
        raise Conflict(f"There is a desktop {name!r} already.", code="DuplicateObject", name=name)
    return name


def _some_name(connection: Connection, published: str) -> str:
    """A free name that looks like the one that users see."""
    name, number = published, 1
    while _taken(connection, name, ""):
        number += 1
        ending = f" {number}"
        name = published[: 64 - len(ending)] + ending
    return name


def _taken(connection: Connection, name: str, but: str) -> bool:
    chosen = (folded(_r.c.name) == name.lower(), _r.c.kind == "Desktop", _r.c.id != but)
    return connection.execute(select(_r.c.id).where(*chosen)).first() is not None
