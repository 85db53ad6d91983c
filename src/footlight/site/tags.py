"""Tags, and which objects have them: put, added and removed here for every kind of object.

Tags belong to the whole site: who may read tags sees all of them, and making one free, renaming and deleting
need the permission everywhere, since that changes objects in every scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, func, or_, select

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.ids import new_guid
from footlight.site.names import checked_name, checked_text
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.store.text import after_backslash, folded
from footlight.wire.rest.tag import TagRequest, TagsRequest, TagUpdate

MAX_TAGS_OF_OBJECT = 100

_t = schema.tags
_on = schema.tag_objects


class Tagged(StrEnum):
    """Kinds of objects that have tags; the values stand in the table and in the audit log."""

    MACHINE = "Machine"
    APPLICATION = "Application"
    CATALOG = "MachineCatalog"
    GROUP = "DeliveryGroup"


@dataclass(frozen=True)
class Tag:
    """A word that objects are marked with."""

    id: str
    uid: int
    name: str
    description: str | None


@dataclass(frozen=True)
class Target:
    """The object that is tagged; the caller's right to change it has been looked at."""

    kind: Tagged
    id: str
    name: str


def named(connection: Connection, name_or_id: str) -> Tag | None:
    """The tag of that id or uid, or of that name in any case."""
    text = name_or_id.lower()
    chosen = or_(_t.c.id == text, folded(_t.c.name) == text)
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, _t.c.uid == int(text))
    found = list(connection.execute(select(_t).where(chosen).limit(3)))
    found.sort(key=lambda row: (row.id != text, row.name.lower() != text))
    return _tag(found[0]) if found else None


def get(connection: Connection, name_or_id: str) -> Tag:
    """As named. Raises NotFound."""
    found = named(connection, name_or_id)
    if found is None:
        raise NotFound(
            "There is no such tag.", code="UnknownDesktopTag", entityType="Tag", id=name_or_id
        )
    return found


def counts(
    connection: Connection, caller: Caller, tag_ids: Iterable[str]
) -> dict[str, dict[Tagged, int]]:
    """By tag and kind, how many objects have it, of those that the caller sees."""
    found: dict[str, dict[Tagged, int]] = {}
    wanted = list(tag_ids)
    for kind in Tagged:
        query = (
            select(_on.c.tag_id, func.count())
            .where(_on.c.tag_id.in_(wanted), seen(kind, caller))
            .group_by(_on.c.tag_id)
        )
        for tag_id, count in connection.execute(query):
            found.setdefault(tag_id, {})[kind] = count
    return found


def seen(kind: Tagged, caller: Caller) -> ColumnElement[bool]:
    """Rows of tag_objects whose object is of that kind and seen by the caller."""
    table = _TABLES[kind]
    objects = select(table.c.id).where(_held_by(kind, caller, _READ[kind]))
    return and_(_on.c.object_kind == kind, _on.c.object_id.in_(objects))


def names_of(
    connection: Connection, kind: Tagged, object_ids: Iterable[str]
) -> dict[str, list[str]]:
    """The names of the objects' tags, in their order; objects without any are not named."""
    query = (
        select(_on.c.object_id, _t.c.name)
        .join(_t, _on.c.tag_id == _t.c.id)
        .where(_on.c.object_kind == kind, _on.c.object_id.in_(list(object_ids)))
        .order_by(folded(_t.c.name))
    )
    found: dict[str, list[str]] = {}
    for object_id, name in connection.execute(query):
        found.setdefault(object_id, []).append(name)
    return found


def of_object(kind: Tagged, object_id: str) -> Select[Any]:
    """The rows of an object's tags."""
    held = select(_on.c.tag_id).where(_on.c.object_kind == kind, _on.c.object_id == object_id)
    return select(_t).where(_t.c.id.in_(held))


def has(kind: Tagged, object_id: ColumnElement[str], tag_id: str) -> ColumnElement[bool]:
    """Whether the object of that column has the tag."""
    held = select(_on.c.object_id).where(_on.c.object_kind == kind, _on.c.tag_id == tag_id)
    return object_id.in_(held)


def create(tx: Tx, caller: Caller, request: TagRequest) -> Tag:
    """A new tag. Raises Invalid, Forbidden, Conflict when there is one of that name."""
    caller.require(Permission.TAG_MANAGE)
    name = _free_name(tx.connection, request.name)
    tag_id = new_guid()
    values = {"name": name, "description": checked_text(request.description)}
    tx.connection.execute(_t.insert().values(id=tag_id, **values))
    tx.emit("tag", tag_id)
    record(
        tx,
        caller,
        Act(text=f"Create tag '{name}'", target_type="Tag", object_id=tag_id, object_name=name),
    )
    return get(tx.connection, tag_id)


def change(tx: Tx, caller: Caller, tag: Tag, update: TagUpdate) -> None:
    """Rename or describe a tag. Raises Invalid, Forbidden, Conflict."""
    _require_everywhere(caller)
    values: dict[str, Any] = {}
    if update.name is not None:
        values["name"] = _free_name(tx.connection, update.name, but=tag.id)
    if update.description is not None:
        values["description"] = checked_text(update.description)
    changed = {
        name: (getattr(tag, name), value)
        for name, value in values.items()
        if getattr(tag, name) != value
    }
    if not changed:
        return
    tx.connection.execute(_t.update().where(_t.c.id == tag.id).values(**values))
    tx.emit("tag", tag.id)
    act = Act(
        text=f"Edit tag '{tag.name}'",
        target_type="Tag",
        object_id=tag.id,
        object_name=tag.name,
        changes=changed,
    )
    record(tx, caller, act)


def delete(tx: Tx, caller: Caller, tag: Tag) -> None:
    """Take the tag from all objects, and away. Raises Forbidden."""
    _require_everywhere(caller)
    tx.connection.execute(_on.delete().where(_on.c.tag_id == tag.id))
    tx.connection.execute(_t.delete().where(_t.c.id == tag.id))
    tx.emit("tag", tag.id)
    act = Act(
        text=f"Delete tag '{tag.name}'", target_type="Tag", object_id=tag.id, object_name=tag.name
    )
    record(tx, caller, act)


def apply(tx: Tx, caller: Caller, target: Target, wanted: TagsRequest) -> None:
    """Give the object exactly the tags that `items` and `create_tags` name, and delete those that it says.
    Raises NotFound for an unknown tag, and what create and delete raise."""
    doomed = [get(tx.connection, name) for name in wanted.delete_tags or ()]
    tags = [get(tx.connection, name) for name in wanted.items or ()]
    tags += [create(tx, caller, made) for made in wanted.create_tags or ()]
    gone = {tag.id for tag in doomed}
    put(tx, caller, target, [tag for tag in tags if tag.id not in gone])
    for tag in doomed:
        delete(tx, caller, tag)


def put(tx: Tx, caller: Caller, target: Target, wanted: Sequence[Tag]) -> None:
    """Give the object exactly these tags. Raises Forbidden, and Invalid when they are too many."""
    caller.require(Permission.TAG_MANAGE)
    ids = {tag.id for tag in wanted}
    if len(ids) > MAX_TAGS_OF_OBJECT:
        raise Invalid(
            f"An object has at most {MAX_TAGS_OF_OBJECT} tags.", name="Items", problem="outOfRange"
        )
    held = {tag.id for tag in _held(tx.connection, target)}
    if ids == held:
        return
    before = names_of(tx.connection, target.kind, [target.id]).get(target.id, [])
    for tag_id in sorted(ids - held):
        _link(tx, target, tag_id)
    for tag_id in held - ids:
        _unlink(tx, target, tag_id)
    after = names_of(tx.connection, target.kind, [target.id]).get(target.id, [])
    act = Act(
        text=f"Set tags of '{target.name}'",
        target_type=target.kind,
        object_id=target.id,
        object_name=target.name,
        changes={"Tags": (before, after)},
    )
    record(tx, caller, act)


def add(tx: Tx, caller: Caller, target: Target, tag: Tag) -> None:
    """Give the object this tag too; nothing changes if it has it. Raises Forbidden, Invalid."""
    put(tx, caller, target, [*_held(tx.connection, target), tag])


def remove(tx: Tx, caller: Caller, target: Target, tag: Tag) -> None:
    """Take the tag from the object; nothing changes if it has it not. Raises Forbidden."""
    put(tx, caller, target, [one for one in _held(tx.connection, target) if one.id != tag.id])


def put_on(tx: Tx, caller: Caller, tag: Tag, kind: Tagged, targets: Sequence[Target]) -> None:
    """Put the tag on exactly these objects of their kind, of those that the caller may tag; others keep it
    or stay without it. Raises Forbidden, Invalid."""
    caller.require(Permission.TAG_MANAGE)
    table, mine = _TABLES[kind], _held_by(kind, caller, Permission.TAG_MANAGE)
    query = select(table).where(mine, has(kind, table.c.id, tag.id))
    held = {row.id: Target(kind, row.id, row.name) for row in tx.connection.execute(query)}
    wanted = {target.id: target for target in targets}
    for target in wanted.values():
        if target.id not in held:
            add(tx, caller, target, tag)
    for target in held.values():
        if target.id not in wanted:
            remove(tx, caller, target, tag)


def target(connection: Connection, caller: Caller, kind: Tagged, name_or_id: str) -> Target:
    """The object to be tagged, by id, uid or name in any case (a machine's also without its domain). Raises
    NotFound when the caller sees none, Forbidden when it may not tag it."""
    table, text = _TABLES[kind], name_or_id.lower()
    chosen = or_(table.c.id == text, folded(table.c.name) == text)
    if kind is Tagged.MACHINE:
        short = folded(after_backslash(table.c.name)) == text
        chosen = or_(chosen, short, folded(table.c.dns_name) == text)
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, table.c.uid == int(text))
    query = select(table.c.id, table.c.name).where(chosen, _held_by(kind, caller, _READ[kind]))
    found = list(connection.execute(query.order_by(table.c.uid).limit(16)))
    found.sort(key=lambda row: (row.id != text, row.name.lower() != text))
    if not found:
        raise NotFound(
            "There is no such object.",
            code=_UNKNOWN.get(kind, "ObjectNotFound"),
            entityType=kind,
            id=name_or_id,
        )
    mine = _held_by(kind, caller, Permission.TAG_MANAGE)
    one = select(table.c.id).where(table.c.id == found[0].id, mine)
    if connection.execute(one).first() is None:
        raise Forbidden(f"This needs the permission {Permission.TAG_MANAGE}.")
    return Target(kind, found[0].id, found[0].name)


_TABLES: Mapping[Tagged, Table] = {
    Tagged.MACHINE: schema.machines,
    Tagged.APPLICATION: schema.resources,
    Tagged.CATALOG: schema.catalogs,
    Tagged.GROUP: schema.delivery_groups,
}
_READ = {
    Tagged.MACHINE: Permission.MACHINE_READ,
    Tagged.APPLICATION: Permission.APPLICATION_READ,
    Tagged.CATALOG: Permission.CATALOG_READ,
    Tagged.GROUP: Permission.GROUP_READ,
}
_UNKNOWN = {
    Tagged.MACHINE: "UnknownMachine",
    Tagged.APPLICATION: "UnknownApplication",
    Tagged.CATALOG: "UnknownCatalog",
}


def _held_by(kind: Tagged, caller: Caller, permission: Permission) -> ColumnElement[bool]:
    """Objects of that kind on which the caller has the permission."""
    match kind:
        case Tagged.MACHINE:
            return sight.machines(caller, permission)
        case Tagged.APPLICATION:
            application: ColumnElement[bool] = schema.resources.c.kind == "Application"
            return and_(application, sight.applications(caller, permission))
        case Tagged.CATALOG:
            return sight.catalogs(caller, permission)
        case Tagged.GROUP:
            return sight.groups(caller, permission)


def _held(connection: Connection, target: Target) -> list[Tag]:
    return [_tag(row) for row in connection.execute(of_object(target.kind, target.id))]


def _link(tx: Tx, target: Target, tag_id: str) -> None:
    values = {"tag_id": tag_id, "object_kind": target.kind, "object_id": target.id}
    tx.connection.execute(_on.insert().values(**values))
    tx.emit("tag", tag_id)


def _unlink(tx: Tx, target: Target, tag_id: str) -> None:
    chosen = (_on.c.tag_id == tag_id, _on.c.object_kind == target.kind)
    tx.connection.execute(_on.delete().where(*chosen, _on.c.object_id == target.id))
    tx.emit("tag", tag_id)


def forget_object(tx: Tx, kind: Tagged, object_id: str) -> None:
    """The object is deleted: it has no tags any more."""
    chosen = (_on.c.object_kind == kind, _on.c.object_id == object_id)
    tx.connection.execute(_on.delete().where(*chosen))


def _require_everywhere(caller: Caller) -> None:
    caller.require(Permission.TAG_MANAGE)
    if not caller.everywhere(Permission.TAG_MANAGE):
        raise Forbidden(f"This needs the permission {Permission.TAG_MANAGE} in the scope All.")


def _free_name(connection: Connection, text: str | None, *, but: str = "") -> str:
    name = checked_name(text)
    taken = select(_t.c.id).where(folded(_t.c.name) == name.lower(), _t.c.id != but)
    if connection.execute(taken).first() is not None:
        raise Conflict(f"There is a tag {name!r} already.", code="DuplicateObject", name=name)
    return name


def _tag(row: Row[Any]) -> Tag:
    return Tag(row.id, row.uid, row.name, row.description)
